//! Tables that inherit from others. In: the bound documents. Out: a finding where two tables of a schema have rows in common:
//! the log says of a row which table it is stored in, and that would have to be followed as two tables at once.

use super::Resolver;
use crate::ast;
use crate::bound;
use crate::catalog::{Catalog, Kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

impl Resolver<'_> {
    /// Looks at all documents: they are followed together.
    pub(super) fn inheritance(&mut self, schema: &ast::Schema, documents: &[bound::Document]) {
        let mut used: BTreeMap<usize, Span> = BTreeMap::new();
        for document in documents {
            let span = schema.documents[document.written].root.table.span;
            document.root.each(&mut |node| {
                node.tables().for_each(|table| {
                    used.entry(table).or_insert(span);
                });
            });
        }
        for (heir, span) in &used {
            let above = ancestors(self.catalog, *heir);
            let Some(ancestor) = above.iter().find(|above| used.contains_key(above)) else { continue };
            let name = |table: usize| self.catalog.short(&self.catalog.tables[table]);
            let (heir, ancestor) = (name(*heir), name(*ancestor));
            self.push(
                Diagnostic::new(
                    Code::NotCapturable,
                    *span,
                    format!("{heir} inherits from {ancestor}, and this schema uses both: a row of the one is a row of the other"),
                )
                .help(format!("use one of them here, and the other in a schema file of its own: a program follows {heir} once")),
            );
        }
    }

    /// Says at a node what its table's key is worth.
    pub(super) fn inherited(&mut self, position: usize, span: Span) {
        let table = &self.catalog.tables[position];
        if table.kind != Kind::Inherited || table.primary_key.is_none() {
            return;
        }
        let name = self.catalog.short(table);
        self.push(
            Diagnostic::new(
                Code::Suspicious,
                span,
                format!("other tables inherit from {name}, and its primary key says nothing about their rows"),
            )
            .help("two rows with one key are one document, which shows either: give all these tables keys of one sequence"),
        );
    }
}

/// The tables that a table inherits from, at any distance.
fn ancestors(catalog: &Catalog, table: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut next = vec![table];
    while let Some(table) = next.pop() {
        let above = catalog.tables[table].inherits.iter().filter_map(|name| catalog.table(&name.schema, &name.name));
        next.extend(above.filter(|above| found.insert(*above)));
    }
    found
}
