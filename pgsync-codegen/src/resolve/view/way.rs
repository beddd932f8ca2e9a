//! Ways from a table that a view reads to values of the view. In: what the view is made of, the columns that are wanted of
//! it. Out: for each place at which it reads the table the joins in between; nothing where one of them does not lead there.
//!
//! Why this finds every row: take a row of the view that a transaction changes, and the tables on the way from the changed
//! row to the wanted values. The changed row nearest to these values has a way of its own, on which nothing has changed, and
//! its old values lead along it. An equality is used only where it holds in every row that has both ends.

use super::comparable;
use super::lineage::{Equality, Lineage, Source};
use crate::bound::{Way, WayColumn};
use crate::catalog::Catalog;
use std::collections::BTreeSet;

/// One way for each place at which the view reads `base`.
pub(super) fn ways(catalog: &Catalog, lineage: &Lineage, base: usize, wanted: &[String]) -> Option<Vec<Way>> {
    let tables: Vec<usize> = lineage
        .relations
        .iter()
        .map(|relation| catalog.table(&relation.table.0, &relation.table.1))
        .collect::<Option<_>>()?;
    let targets: Vec<&Source> = wanted.iter().map(|column| lineage.source(column)).collect::<Option<_>>()?;
    let paths = Paths { catalog, tables, targets };
    let places = (0..paths.tables.len()).filter(|place| paths.tables[*place] == base);
    let ways: Vec<Way> = places.map(|place| paths.from(place, &lineage.equalities)).collect::<Option<_>>()?;
    (!ways.is_empty()).then_some(ways)
}

struct Paths<'a> {
    catalog: &'a Catalog,
    /// The table of each relation.
    tables: Vec<usize>,
    targets: Vec<&'a Source>,
}

impl Paths<'_> {
    fn from(&self, start: usize, equalities: &[Equality]) -> Option<Way> {
        let usable = self.usable(start, equalities);
        // Breadth first: `before` says from where each relation was reached.
        let mut reached = vec![start];
        let mut before: Vec<Option<usize>> = vec![None; self.tables.len()];
        let mut next = 0;
        while let Some(&at) = reached.get(next) {
            next += 1;
            for equality in &usable {
                for (near, far) in [(&equality.left, &equality.right), (&equality.right, &equality.left)] {
                    if near.relation == at && !reached.contains(&far.relation) {
                        before[far.relation] = Some(at);
                        reached.push(far.relation);
                    }
                }
            }
        }
        let mut needed = BTreeSet::new();
        for target in &self.targets {
            let mut at = target.relation;
            while at != start {
                needed.insert(at);
                at = before[at]?;
            }
        }
        // In the order in which they were reached, so that each finds its neighbour before it.
        let order: Vec<usize> = reached.into_iter().filter(|at| *at == start || needed.contains(at)).collect();
        let mut link = BTreeSet::new();
        let mut column = |source: &Source| -> Option<WayColumn> {
            let of = order.iter().position(|at| *at == source.relation)?;
            if of == 0 {
                // What is computed from other columns is not in the log.
                self.catalog.tables[self.tables[start]].column(&source.column).filter(|column| !column.generated)?;
                link.insert(source.column.clone());
            }
            Some(WayColumn { of, column: source.column.clone() })
        };
        let mut joins = Vec::new();
        for (number, at) in order.iter().enumerate().skip(1) {
            let mut on = Vec::new();
            for equality in &usable {
                for (own, other) in [(&equality.left, &equality.right), (&equality.right, &equality.left)] {
                    if own.relation == *at && order[..number].contains(&other.relation) {
                        on.push((own.column.clone(), column(other)?));
                    }
                }
            }
            joins.push((self.tables[*at], on));
        }
        let values = self.targets.iter().map(|target| column(target)).collect::<Option<_>>()?;
        Some(Way { link: link.into_iter().collect(), joins, values })
    }

    /// The equalities that hold wherever the start and the targets have rows, and that this database can compare again.
    fn usable<'e>(&self, start: usize, equalities: &'e [Equality]) -> Vec<&'e Equality> {
        let mut present: BTreeSet<usize> = self.targets.iter().map(|target| target.relation).chain([start]).collect();
        let mut usable: Vec<&Equality> = Vec::new();
        loop {
            let holds = |equality: &&Equality| {
                let known = usable.iter().any(|known| std::ptr::eq(*known, *equality));
                !known && equality.where_present.iter().all(|side| !side.is_disjoint(&present))
            };
            let more: Vec<&Equality> = equalities.iter().filter(holds).collect();
            if more.is_empty() {
                break;
            }
            // Equal columns are not NULL, so that both relations have a row.
            present.extend(more.iter().flat_map(|equality| [equality.left.relation, equality.right.relation]));
            usable.extend(more);
        }
        usable.retain(|Equality { left, right, .. }| {
            let at = |source: &Source| self.tables[source.relation];
            comparable(self.catalog, (at(left), &left.column), (at(right), &right.column))
        });
        usable
    }
}
