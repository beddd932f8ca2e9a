//! Join tables whose columns the schema names. In: `foreign_key` beside `through_tables`, and the declared keys of the
//! join table. Out: the link, or why these columns do not lead where they are said to lead. Declared keys decide: columns
//! that are named against them would show rows that have nothing to do with each other.

use super::Resolver;
use super::link::names;
use super::ways::{Side, Way, sides};
use crate::ast;
use crate::bound::{Link, Through};
use crate::catalog::Table;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;

/// One side of a join table, as the schema names it.
struct Named<'a> {
    /// `parent` or `child`, as the schema calls it.
    name: &'static str,
    /// Its columns of the join table, as named.
    columns: &'a [Spanned<String>],
    /// The table that they refer to.
    target: usize,
    /// The columns that identify its rows.
    key: &'a [String],
}

impl Resolver<'_> {
    /// Columns of a join table that the schema names itself: `parent` lead to the parent, `child` to the child. What
    /// they equal there is what a declared key says; only where there is none is it the primary key.
    pub(super) fn explicit_through(
        &mut self,
        key: &ast::ForeignKey,
        (parent, parent_key): (usize, &[String]),
        (child, child_key): (usize, &[String]),
        table: usize,
    ) -> Option<Way> {
        if !(self.present(&key.parent, table) & self.present(&key.child, table)) {
            return None;
        }
        let join = &self.catalog.tables[table];
        let (upper, lower) = (names(&key.parent), names(&key.child));
        // Both tables may lead to the same columns of the join table.
        let leads = |other: usize, columns: &[String]| {
            sides(join, &self.catalog.tables[other]).iter().any(|side| pairs(side, columns).is_some())
        };
        let meet = parent != child && leads(parent, &upper) && leads(child, &lower);
        if same_set(&upper, &lower) && !meet {
            self.push(
                Diagnostic::new(
                    Code::Relationship,
                    key.span,
                    format!("the same columns of {} are named for parent and child", self.catalog.short(join)),
                )
                .help("beside `through_tables`, both sides are columns of the join table: `parent` those that lead to the parent, `child` those that lead to the child")
                .helps(self.columns_of_join(parent, child, table)),
            );
            return None;
        }
        let up =
            self.referred(&Named { name: "parent", columns: &key.parent, target: parent, key: parent_key }, key, table);
        let down =
            self.referred(&Named { name: "child", columns: &key.child, target: child, key: child_key }, key, table);
        let through = Through { table, parent: upper, child: lower };
        Some(Way {
            link: Link { parent: up?, child: down?, through: Some(through) },
            table: child,
            many: true,
            optional: true,
        })
    }

    /// The columns of a side's table that its columns of the join table refer to, pairwise.
    fn referred(&mut self, side: &Named, key: &ast::ForeignKey, table: usize) -> Option<Vec<String>> {
        let (join, target) = (&self.catalog.tables[table], &self.catalog.tables[side.target]);
        let columns = names(side.columns);
        let declared = sides(join, target);
        if let Some(found) = declared.iter().find_map(|declared| pairs(declared, &columns)) {
            return Some(found);
        }
        let span = side.columns.first().map_or(key.span, |first| first.span);
        let named = columns.join(", ");
        if !declared.is_empty() {
            let found = Diagnostic::new(
                Code::Relationship,
                span,
                format!(
                    "no foreign key leads from {} ({named}) to {}, and none from there",
                    self.catalog.short(join),
                    self.catalog.short(target)
                ),
            );
            self.push(declared.iter().fold(found, |found, declared| {
                let columns: Vec<String> = declared.join.iter().map(|column| format!("{column:?}")).collect();
                found.help(format!(
                    "declared is that {} ({}) equals {} ({}): \"{}\": [{}]",
                    self.catalog.short(join),
                    declared.join.join(", "),
                    self.catalog.short(target),
                    declared.other.join(", "),
                    side.name,
                    columns.join(", ")
                ))
            }));
            return None;
        }
        let primary = side.key;
        if primary.len() != columns.len() {
            self.push(
                Diagnostic::new(
                    Code::WrongValue,
                    key.span,
                    format!(
                        "{} columns of {} are named for {}, whose primary key has {}",
                        columns.len(),
                        self.catalog.short(join),
                        self.catalog.short(target),
                        primary.len()
                    ),
                )
                .help(match primary {
                    [] => format!("declare a primary key on {}, or a foreign key to it", self.catalog.short(target)),
                    _ => format!("they stand for {}, in this order", primary.join(", ")),
                }),
            );
            return None;
        }
        if join.primary_key.as_ref().is_some_and(|key| same_set(&key.columns, &columns)) {
            self.push(
                Diagnostic::new(
                    Code::Suspicious,
                    span,
                    format!(
                        "{} ({named}) is the whole key of the join table, and is taken to refer to {} ({})",
                        self.catalog.short(join),
                        self.catalog.short(target),
                        primary.join(", ")
                    ),
                )
                .help("name the columns of the join table that hold the other table's key"),
            );
        }
        Some(primary.to_vec())
    }

    /// What to write where a join table's declared keys do not say it.
    pub(super) fn columns_of_join(&self, parent: usize, child: usize, table: usize) -> Vec<String> {
        let tables = &self.catalog.tables;
        let (join, upper, lower) = (&tables[table], &tables[parent], &tables[child]);
        let side = |target: &Table| match sides(join, target).first() {
            Some(side) => side.join.iter().map(|column| format!("{column:?}")).collect::<Vec<_>>().join(", "),
            None => "...".to_owned(),
        };
        let lower = if parent == child { "...".to_owned() } else { side(lower) };
        vec![format!(
            "name the columns of {} that lead to each: \"foreign_key\": {{\"parent\": [{}], \"child\": [{lower}]}}; it has {}",
            self.catalog.short(join),
            side(upper),
            join.column_names()
        )]
    }
}

/// What a declared key says these columns equal, in their order; the order in which it lists its own is not theirs.
fn pairs(declared: &Side, columns: &[String]) -> Option<Vec<String>> {
    let target = |column: &String| {
        let position = declared.join.iter().position(|own| own == column)?;
        declared.other.get(position).cloned()
    };
    (declared.join.len() == columns.len()).then(|| columns.iter().map(target).collect()).flatten()
}

fn same_set(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|column| b.contains(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_partners_in_whatever_order_they_are_named() {
        let list = |names: [&str; 2]| names.map(str::to_owned).to_vec();
        let (join, other) = (list(["country_a", "name_a"]), list(["country", "name"]));
        let key = Side { name: "", join: &join, other: &other };
        assert_eq!(pairs(&key, &list(["name_a", "country_a"])), Some(list(["name", "country"])));
        assert_eq!(pairs(&key, &list(["name_a", "country_b"])), None);
        assert_eq!(pairs(&key, &["name_a".to_owned()]), None);
    }
}
