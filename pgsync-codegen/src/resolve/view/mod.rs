//! Views as nodes. In: what the catalogue says a view is made of, and `base_tables`. Out: for each table that it reads how
//! a changed row of it leads to the rows of the view, or that nobody can tell; what cannot be followed at all is an error.

mod lineage;
mod way;

use super::Resolver;
use super::ways::followed;
use crate::ast::Node;
use crate::bound::{Base, View};
use crate::catalog::{Catalog, Kind, Table};
use crate::diagnostic::{Code, Diagnostic};
pub(crate) use lineage::Lineage;
use pgsync_plan::Dialect;
use std::collections::{BTreeMap, BTreeSet};

/// Tables by position, each with the columns whose changes matter.
type Reads = BTreeMap<usize, BTreeSet<String>>;

impl Resolver<'_> {
    /// What a node is made of, where it is a view. `wanted` are its columns that link, or the key of a root.
    pub(super) fn view(&mut self, node: &Node, position: usize, wanted: &[String]) -> Option<View> {
        let table = &self.catalog.tables[position];
        let Some(definition) = &table.view else {
            if table.kind.is_view() {
                self.undefined(node, table);
            } else if let Some(first) = node.base_tables.first() {
                self.push(
                    Diagnostic::new(
                        Code::Suspicious,
                        first.span,
                        format!("{} is no view; what is written here is not used", self.catalog.short(table)),
                    )
                    .help("leave `base_tables` out: it is for views"),
                );
            }
            return None;
        };
        let (mut reads, mut views) = (Reads::new(), Vec::new());
        self.reads(node, position, &mut reads, &mut views);
        let lineage = Lineage::of(self.catalog.dialect, &definition.query, &|(schema, name)| {
            let table = &self.catalog.tables[self.catalog.table(schema, name)?];
            Some(table.columns.iter().map(|column| column.name.clone()).collect())
        });
        // A view within is not taken apart.
        let lineage = lineage.filter(|_| views.is_empty());
        let mut bases = Vec::new();
        let mut lost = Vec::new();
        for (&base, columns) in &reads {
            let ways = lineage.as_ref().and_then(|lineage| way::ways(self.catalog, lineage, base, wanted));
            let columns = |link: &[String]| columns.iter().chain(link).cloned().collect::<BTreeSet<_>>();
            match ways {
                Some(ways) => bases.extend(ways.into_iter().map(|way| Base {
                    table: base,
                    columns: columns(&way.link).into_iter().collect(),
                    way: Some(way),
                })),
                None => {
                    lost.push(self.catalog.short(&self.catalog.tables[base]));
                    bases.push(Base { table: base, columns: columns(&[]).into_iter().collect(), way: None });
                }
            }
        }
        let named = self.base_tables(node, &table.schema);
        for base in named.into_iter().filter(|base| !reads.contains_key(base)) {
            let all = self.catalog.tables[base].columns.iter().map(|column| column.name.clone()).collect();
            lost.push(self.catalog.short(&self.catalog.tables[base]));
            bases.push(Base { table: base, columns: all, way: None });
        }
        if !lost.is_empty() {
            self.push(
                Diagnostic::new(
                    Code::Suspicious,
                    node.table.span,
                    format!(
                        "nobody can tell which rows of {} a change of {} concerns: each such change has every document read again",
                        self.catalog.short(table),
                        lost.join(", ")
                    ),
                )
                .help("followed are tables that the view joins by equal columns, where it shows the columns that link as they are; not windows, LIMIT, UNION, subqueries or views within"),
            );
        }
        let plain = |column: &String| lineage.as_ref().is_some_and(|lineage| lineage.source(column).is_some());
        Some(View { looked_up: wanted.iter().all(plain), bases })
    }

    /// A snapshot from before views could be shown.
    fn undefined(&mut self, node: &Node, view: &Table) {
        let help = match self.catalog.dialect {
            Dialect::Postgres => "take a new snapshot: cargo pgsync catalog",
            Dialect::Mysql | Dialect::Mariadb => {
                "the user may need SHOW VIEW on it to be told its query: GRANT that, and take a new snapshot: cargo pgsync catalog"
            }
        };
        self.push(
            Diagnostic::new(
                Code::UnknownTable,
                node.table.span,
                format!("the catalogue does not say what {} is made of", self.catalog.short(view)),
            )
            .help(help),
        );
    }

    /// Adds the tables that a view reads, those of views within it too.
    fn reads(&mut self, node: &Node, position: usize, reads: &mut Reads, views: &mut Vec<usize>) {
        let table = &self.catalog.tables[position];
        let Some(definition) = &table.view else { return self.undefined(node, table) };
        // A row that is used as a whole depends on every column, and the database notes that of the table only.
        let whole = definition.query.contains(".*");
        for read in &definition.reads {
            let Some(found) = self.catalog.table(&read.schema, &read.name) else {
                self.push(
                    Diagnostic::new(
                        Code::UnknownTable,
                        node.table.span,
                        format!(
                            "{} reads {}.{}, which the catalogue does not have",
                            self.catalog.short(table),
                            read.schema,
                            read.name
                        ),
                    )
                    .help("take a new snapshot: cargo pgsync catalog; a partition is not followed by itself"),
                );
                continue;
            };
            let base = &self.catalog.tables[found];
            if base.kind == Kind::View {
                if !views.contains(&found) {
                    views.push(found);
                    self.reads(node, found, reads, views);
                }
            } else if followed(base) {
                let all = base.columns.iter().map(|column| &column.name).filter(|_| whole);
                reads.entry(found).or_default().extend(read.columns.iter().chain(all).cloned());
            } else {
                self.push(
                    Diagnostic::new(
                        Code::NotCapturable,
                        node.table.span,
                        format!(
                            "{} reads {}, {}",
                            self.catalog.short(table),
                            self.catalog.short(base),
                            unfollowed(base)
                        ),
                    )
                    .help("a view can be shown where every table that it reads can be followed"),
                );
            }
        }
    }

    /// The tables that `base_tables` names.
    fn base_tables(&mut self, node: &Node, schema: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for name in &node.base_tables {
            let Some(position) = self.table(schema, None, name) else { continue };
            if self.catalog.tables[position].kind.is_view() {
                self.push(
                    Diagnostic::new(
                        Code::NotCapturable,
                        name.span,
                        format!("`{}` is a view: the log has no changes of it", name.value),
                    )
                    .help("name the tables that it reads"),
                );
                continue;
            }
            found.push(position);
        }
        found
    }
}

/// Why the changes of a table cannot be followed.
pub(super) fn unfollowed(table: &Table) -> &'static str {
    match table.kind {
        Kind::MaterializedView => "a materialized view: what it holds changes with REFRESH, which is in no log",
        Kind::Foreign => "a foreign table: its changes are in another server's log",
        Kind::WithoutTransactions => {
            "kept by an engine without transactions: what is in the log need not have happened; ALTER TABLE .. ENGINE = InnoDB"
        }
        Kind::Ordinary | Kind::Partitioned | Kind::Inherited | Kind::View => "unlogged: its changes are in no log",
    }
}

/// Whether two columns of the catalogue can be compared on a way.
fn comparable(catalog: &Catalog, (left, a): (usize, &str), (right, b): (usize, &str)) -> bool {
    let (Some(a), Some(b)) = (catalog.tables[left].column(a), catalog.tables[right].column(b)) else { return false };
    super::ways::equal_types(a, b) && !super::ways::collations_clash(a, b)
}
