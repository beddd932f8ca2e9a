//! Tables, their columns and keys.

use super::Resolver;
use super::view::unfollowed;
use super::ways::followed;
use crate::ast::Node;
use crate::bound;
use crate::catalog::{Column, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use pgsync_plan::{Dialect, ValueKind};
use std::collections::{BTreeSet, HashSet};

impl Resolver<'_> {
    /// Finds a table whose changes can be followed.
    pub(super) fn table(&mut self, schema: &str, schema_span: Option<Span>, name: &Spanned<String>) -> Option<usize> {
        let tables = &self.catalog.tables;
        let Some(position) = self.catalog.table(schema, &name.value) else {
            if let Some(span) = schema_span
                && !tables.iter().any(|table| table.schema == schema)
            {
                let schemas: BTreeSet<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
                self.push(
                    Diagnostic::new(Code::UnknownTable, span, format!("the catalogue has no schema `{schema}`"))
                        .offer(schema, schemas)
                        .help("if it is new, take a new snapshot: cargo pgsync catalog"),
                );
                return None;
            }
            let elsewhere = tables.iter().find(|table| table.name == name.value);
            let known = tables.iter().filter(|table| table.schema == schema).map(|table| table.name.as_str());
            let mut found = Diagnostic::new(
                Code::UnknownTable,
                name.span,
                format!("there is no table `{}` in schema `{schema}`", name.value),
            );
            found = match elsewhere {
                Some(elsewhere) => {
                    found.help(format!("there is one in schema `{}`: add \"schema\": \"{0}\"", elsewhere.schema))
                }
                None => found.offer(&name.value, known).help("if it is new, take a new snapshot: cargo pgsync catalog"),
            };
            self.push(found);
            return None;
        };
        let table = &tables[position];
        if table.kind.is_view() || followed(table) {
            return Some(position);
        }
        let what = format!("{} is {}", self.catalog.short(table), unfollowed(table));
        self.push(Diagnostic::new(Code::NotCapturable, name.span, what));
        None
    }

    /// What a node shows of its rows.
    pub(super) fn columns(&mut self, node: &Node, position: usize) -> Vec<bound::Column> {
        let table = &self.catalog.tables[position];
        if node.columns.is_empty() {
            return table.columns.iter().map(|column| bound::Column::plain(&column.name)).collect();
        }
        let mut shown: Vec<bound::Column> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut twice: HashSet<&str> = HashSet::new();
        for entry in &node.columns {
            let Some(column) = self.column(table, &entry.value.column, entry.span) else { continue };
            let (kind, array) = (column.kind, column.array);
            let json = matches!(kind, ValueKind::Json | ValueKind::Jsonb) && !array;
            if !entry.value.path.is_empty() && !json {
                self.push(Diagnostic::new(
                    Code::TypeClash,
                    entry.span,
                    format!("column `{}` is {}: a path leads into json and jsonb only", column.name, column.declared),
                ));
            }
            if !seen.insert(&entry.value.text) {
                // Said once, however often it is repeated.
                if twice.insert(&entry.value.text) {
                    self.push(Diagnostic::new(
                        Code::Suspicious,
                        entry.span,
                        format!("`{}` is listed twice; it is shown once", entry.value.text),
                    ));
                }
                continue;
            }
            shown.push(bound::Column {
                text: entry.value.text.clone(),
                path: entry.value.path.clone(),
                as_text: entry.value.as_text,
                field: entry.value.field.clone(),
                ..bound::Column::plain(&entry.value.column)
            });
        }
        shown
    }

    /// Finds a column.
    pub(super) fn column<'t>(&mut self, table: &'t Table, name: &str, span: Span) -> Option<&'t Column> {
        // Those of the system are PostgreSQL's.
        let is_there = |column: &&Column| {
            self.catalog.dialect == Dialect::Postgres || table.columns.iter().any(|own| own.name == column.name)
        };
        let found = table.column(name).filter(is_there);
        if found.is_none() {
            let known = table.columns.iter().map(|column| column.name.as_str());
            self.push(
                Diagnostic::new(
                    Code::UnknownColumn,
                    span,
                    format!("table {} has no column `{name}`", self.catalog.short(table)),
                )
                .offer(name, known),
            );
        }
        found
    }

    /// Columns that identify a node's rows: the primary key, else what the schema names.
    pub(super) fn key(&mut self, node: &Node, position: usize, root: bool) -> Vec<String> {
        let table = &self.catalog.tables[position];
        let mut named = Vec::new();
        for name in &node.primary_key {
            if self.column(table, &name.value, name.span).is_some() {
                named.push(name.clone());
            }
        }
        let mut key: Vec<String> = match &table.primary_key {
            Some(key) => key.columns.clone(),
            // In the order in which it is written, which is that of an `_id`'s parts.
            None => named.iter().map(|name| name.value.clone()).collect(),
        };
        let mut seen = BTreeSet::new();
        key.retain(|name| seen.insert(name.clone()));
        if let Some(first) = named.first()
            && !named.iter().all(|name| key.contains(&name.value))
        {
            self.push(
                Diagnostic::new(
                    Code::Suspicious,
                    first.span,
                    format!(
                        "{} has a primary key, `{}`; what is written here is not used",
                        self.catalog.short(table),
                        key.join("`, `")
                    ),
                )
                .help("leave `primary_key` out: it is for tables and views that have none"),
            );
        }
        for name in &key {
            let span = named.iter().find(|named| named.value == *name).map_or(node.table.span, |named| named.span);
            if let Some(column) = table.column(name) {
                self.key_column(table, column, span, root);
            }
        }
        key
    }

    /// Whether a row can be found by this column.
    fn key_column(&mut self, table: &Table, column: &Column, span: Span, root: bool) {
        let name = format!("{}.{}", self.catalog.short(table), column.name);
        if !column.has_equality() {
            let what =
                format!("{name} is {}, by whose values no rows are found: it cannot be part of a key", column.declared);
            self.push(Diagnostic::new(Code::TypeClash, span, what));
        }
        // Of a view's columns the catalogue does not say it; its rows without a key are no documents.
        if root && column.nullable && !table.kind.is_view() {
            self.push(
                Diagnostic::new(Code::NoKey, span, format!("{name} may be NULL, and a document needs an id"))
                    .help("accepted are columns declared NOT NULL"),
            );
        }
        if root && column.generated {
            self.push(Diagnostic::new(
                Code::NotCapturable,
                span,
                format!("{name} is a generated column: it is not in the log, so it cannot identify a document"),
            ));
        }
    }
}
