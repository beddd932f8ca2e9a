//! One document over several schemas of the database, such as one per tenant. In: the names and patterns of a document's
//! `schemas`. Out: the schemas that are meant, and the index of each. Each is a document of its own from here on.

use super::Resolver;
use crate::ast;
use crate::catalog::fits;
use crate::diagnostic::{Code, Diagnostic};
use std::collections::BTreeSet;

/// What stands for the schema in the name of an index.
const PLACE: &str = "{schema}";

impl Resolver<'_> {
    /// The schemas of a document, by name; `None` where it names none.
    pub(super) fn tenants(&mut self, document: &ast::Document) -> Vec<Option<String>> {
        if document.schemas.is_empty() {
            return vec![None];
        }
        let known: BTreeSet<&str> = self.catalog.tables.iter().map(|table| table.schema.as_str()).collect();
        let mut found: Vec<&str> = Vec::new();
        for pattern in &document.schemas {
            let before = found.len();
            found.extend(known.iter().copied().filter(|schema| fits(&pattern.value, schema)));
            if found.len() == before {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::UnknownTable,
                        pattern.span,
                        format!("the catalogue has no schema `{}`", pattern.value),
                    )
                    .offer(&pattern.value, known.iter().copied())
                    .help("if it is new, take a new snapshot: cargo pgsync catalog"),
                );
            }
        }
        let mut seen = BTreeSet::new();
        found.retain(|schema| seen.insert(*schema));
        found.into_iter().map(|schema| Some(schema.to_owned())).collect()
    }
}

/// The index of a document in one of its schemas.
pub(super) fn index(name: &str, schema: &str) -> String {
    // `${schema}` is a variable of the environment.
    let parts: Vec<&str> = name.split(PLACE).collect();
    let mut made = String::new();
    for (position, part) in parts.iter().enumerate() {
        made.push_str(part);
        if position + 1 < parts.len() {
            made.push_str(if part.ends_with('$') { PLACE } else { schema });
        }
    }
    if made == name { format!("{name}_{schema}") } else { made }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_has_the_schema_in_its_name() {
        assert_eq!(index("books", "acme"), "books_acme");
        assert_eq!(index("{schema}-books", "acme"), "acme-books");
        assert_eq!(index("${schema}-books", "acme"), "${schema}-books_acme");
    }
}
