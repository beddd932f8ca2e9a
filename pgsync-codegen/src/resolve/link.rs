//! How a node hangs on its parent. In: what the schema says of it, and the foreign keys of the catalogue. Out: the one
//! way that is meant; none or several are an error that lists them as they would be written.

use super::Resolver;
use crate::ast::{self, Node, Relationship};
use crate::bound::{Link, Through};
use crate::catalog::{Catalog, Column, Kind, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use pgsync_plan::ValueKind;

/// A way from a parent to a child.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub link: Link,
    /// The child's table.
    pub table: usize,
    /// Whether a parent's row may have several rows of the child.
    pub many: bool,
    /// Whether it may have none.
    pub optional: bool,
}

impl Resolver<'_> {
    pub(super) fn link(&mut self, node: &Node, parent: usize, child: usize) -> Option<Found> {
        let found = match &node.relationship {
            Some(relationship) => self.written(node, relationship, parent, child)?,
            None => self.inferred(node, parent, child)?,
        };
        self.comparable(node, parent, child, &found.link);
        Some(found)
    }

    /// A relationship that the schema writes.
    fn written(&mut self, node: &Node, written: &Relationship, parent: usize, child: usize) -> Option<Found> {
        if let Some(through) = &written.through {
            if let Some(key) = &written.foreign_key {
                self.push(
                    Diagnostic::new(
                        Code::Unsupported,
                        key.span,
                        "`foreign_key` beside `through_tables` is not supported yet",
                    )
                    .help("declare the join table's two foreign keys in the database"),
                );
            }
            let (schema, name) = &through.value;
            let of_node = node.schema.as_ref().map_or("public", |schema| schema.value.as_str());
            let name = crate::source::Spanned::new(name.clone(), through.span);
            let table = self.table(schema.as_deref().unwrap_or(of_node), None, &name)?;
            let ways: Vec<Found> = through_ways(self.catalog, parent, child, table);
            let help = "a join table needs a foreign key to each of the two tables";
            return self.single(ways, node, parent, child, through.span, help);
        }
        if let Some(key) = &written.foreign_key {
            return self.explicit(key, parent, child);
        }
        let mut ways = direct_ways(self.catalog, parent, child);
        if let Some(many) = &written.many
            && ways.len() > 1
        {
            // The type tells apart a table's own keys from those that refer to it.
            let fitting: Vec<Found> = ways.iter().filter(|way| way.many == many.value).cloned().collect();
            if fitting.len() == 1 {
                ways = fitting;
            }
        }
        let help = "name the columns: \"foreign_key\": {\"parent\": [...], \"child\": [...]}";
        self.single(ways, node, parent, child, written.span, help)
    }

    fn explicit(&mut self, key: &ast::ForeignKey, parent: usize, child: usize) -> Option<Found> {
        let catalog = self.catalog;
        let mut complete = true;
        for (names, table) in [(&key.parent, parent), (&key.child, child)] {
            for name in names {
                complete &= self.column(&catalog.tables[table], &name.value, name.span).is_some();
            }
        }
        let names = |list: &[crate::source::Spanned<String>]| list.iter().map(|name| name.value.clone()).collect();
        let link = Link { parent: names(&key.parent), child: names(&key.child), through: None, explicit: true };
        let declared = direct_ways(catalog, parent, child)
            .into_iter()
            .find(|way| way.link.parent == link.parent && way.link.child == link.child);
        let many = !catalog.tables[child].is_unique(&link.child);
        let optional = declared.is_none_or(|way| way.optional);
        complete.then_some(Found { link, table: child, many, optional })
    }

    /// A relationship that the catalogue leaves no choice about.
    fn inferred(&mut self, node: &Node, parent: usize, child: usize) -> Option<Found> {
        let mut ways = direct_ways(self.catalog, parent, child);
        for table in 0..self.catalog.tables.len() {
            // A join table whose changes cannot be followed is no way, and the user did not ask for it.
            if table != parent && table != child && followed(&self.catalog.tables[table]) {
                ways.extend(through_ways(self.catalog, parent, child, table));
            }
        }
        let help = "say how they belong together: \"relationship\": {...}";
        self.single(ways, node, parent, child, node.table.span, help)
    }

    fn single(
        &mut self,
        mut ways: Vec<Found>,
        node: &Node,
        parent: usize,
        child: usize,
        span: Span,
        help: &str,
    ) -> Option<Found> {
        // Several constraints over the same columns say the same thing; the strictest tells whether a row may be missing.
        ways.sort_by_key(|way| way.optional);
        let mut seen: Vec<Link> = Vec::new();
        ways.retain(|way| {
            let new = !seen.iter().any(|link| same(link, &way.link));
            if new {
                seen.push(way.link.clone());
            }
            new
        });
        if ways.len() == 1 {
            return ways.pop();
        }
        let (of, to) = (self.catalog.tables[child].short(), self.catalog.tables[parent].short());
        let count = if ways.is_empty() { "no foreign key joins" } else { "several foreign keys join" };
        let mut found = Diagnostic::new(Code::Relationship, span, format!("{count} {of} to {to}")).help(help);
        for way in &ways {
            found = found.help(format!("\"relationship\": {}", self.as_written(node, way)));
        }
        self.push(found);
        None
    }

    /// A way as it stands in a schema.
    fn as_written(&self, node: &Node, way: &Found) -> String {
        let kind = if way.many { "one_to_many" } else { "one_to_one" };
        let variant = node.relationship.as_ref().and_then(|written| written.scalar.as_ref());
        let variant = if variant.is_some_and(|scalar| scalar.value) { "scalar" } else { "object" };
        let mut value = serde_json::json!({ "variant": variant, "type": kind });
        match &way.link.through {
            Some(through) => {
                value["through_tables"] = serde_json::json!([self.catalog.tables[through.table].short()]);
            }
            None => {
                value["foreign_key"] = serde_json::json!({ "parent": way.link.parent, "child": way.link.child });
            }
        }
        value.to_string()
    }

    /// The linked columns must be comparable, and their changes must be in the log.
    fn comparable(&mut self, node: &Node, parent: usize, child: usize, link: &Link) {
        let catalog = self.catalog;
        let span = node.relationship.as_ref().map_or(node.table.span, |written| written.span);
        let mut pairs: Vec<(&Table, &str, &Table, &str)> = Vec::new();
        let (parent, child) = (&catalog.tables[parent], &catalog.tables[child]);
        match &link.through {
            None => {
                pairs.extend(link.parent.iter().zip(&link.child).map(|(a, b)| (parent, a.as_str(), child, b.as_str())))
            }
            Some(through) => {
                let table = &catalog.tables[through.table];
                let up = link.parent.iter().zip(&through.parent);
                pairs.extend(up.map(|(a, b)| (parent, a.as_str(), table, b.as_str())));
                let down = through.child.iter().zip(&link.child);
                pairs.extend(down.map(|(a, b)| (table, a.as_str(), child, b.as_str())));
            }
        }
        for (left, a, right, b) in pairs {
            let (Some(x), Some(y)) = (left.column(a), right.column(b)) else { continue };
            if !equal_types(x, y) {
                self.push(Diagnostic::new(
                    Code::TypeClash,
                    span,
                    format!(
                        "{}.{a} is {} and {}.{b} is {}: they cannot be compared",
                        left.short(),
                        x.declared,
                        right.short(),
                        y.declared
                    ),
                ));
            }
            for (table, column) in [(left, x), (right, y)] {
                if column.generated {
                    self.push(Diagnostic::new(
                        Code::NotCapturable,
                        span,
                        format!(
                            "{}.{} is a generated column: its old values are not in the log, so it cannot link tables",
                            table.short(),
                            column.name
                        ),
                    ));
                }
            }
        }
    }
}

/// Whether changes of a table are in the log, and are its own.
fn followed(table: &Table) -> bool {
    matches!(table.kind, Kind::Ordinary | Kind::Partitioned) && !table.unlogged
}

/// Whether two ways join the same columns over the same table.
fn same(a: &Link, b: &Link) -> bool {
    let through = |link: &Link| link.through.as_ref().map(|way| (way.table, way.parent.clone(), way.child.clone()));
    a.parent == b.parent && a.child == b.child && through(a) == through(b)
}

/// Foreign keys in either direction.
fn direct_ways(catalog: &Catalog, parent: usize, child: usize) -> Vec<Found> {
    let (upper, lower) = (&catalog.tables[parent], &catalog.tables[child]);
    let link = |parent: &[String], child: &[String]| Link {
        parent: parent.to_vec(),
        child: child.to_vec(),
        through: None,
        explicit: false,
    };
    let refers = |key: &crate::catalog::ForeignKey, to: &Table| key.target_schema == to.schema && key.target == to.name;
    let mut ways = Vec::new();
    for key in lower.foreign_keys.iter().filter(|key| refers(key, upper)) {
        ways.push(Found {
            link: link(&key.target_columns, &key.columns),
            table: child,
            many: !lower.is_unique(&key.columns),
            optional: true,
        });
    }
    for key in upper.foreign_keys.iter().filter(|key| refers(key, lower)) {
        let nullable = key.columns.iter().any(|name| upper.column(name).is_none_or(|column| column.nullable));
        ways.push(Found {
            link: link(&key.columns, &key.target_columns),
            table: child,
            many: false,
            optional: nullable || !key.validated,
        });
    }
    ways
}

/// A join table with a foreign key to each.
fn through_ways(catalog: &Catalog, parent: usize, child: usize, table: usize) -> Vec<Found> {
    let join = &catalog.tables[table];
    let to = |target: usize| {
        let target = &catalog.tables[target];
        let refers =
            move |key: &&crate::catalog::ForeignKey| key.target_schema == target.schema && key.target == target.name;
        join.foreign_keys.iter().filter(refers)
    };
    let mut ways = Vec::new();
    for up in to(parent) {
        for down in to(child).filter(|down| down.name != up.name && (parent != child || down.columns != up.columns)) {
            ways.push(Found {
                link: Link {
                    parent: up.target_columns.clone(),
                    child: down.target_columns.clone(),
                    through: Some(Through { table, parent: up.columns.clone(), child: down.columns.clone() }),
                    explicit: false,
                },
                table: child,
                many: true,
                optional: true,
            });
        }
    }
    ways
}

/// Whether the database has an equality between two columns.
fn equal_types(a: &Column, b: &Column) -> bool {
    if a.cast == b.cast {
        return a.kind != ValueKind::Json;
    }
    let family = |column: &Column| match column.kind {
        _ if column.array => 0,
        ValueKind::Int2
        | ValueKind::Int4
        | ValueKind::Int8
        | ValueKind::Oid
        | ValueKind::Float4
        | ValueKind::Float8
        | ValueKind::Numeric => 1,
        ValueKind::Text | ValueKind::Char => 2,
        ValueKind::Date | ValueKind::Timestamp | ValueKind::TimestampTz => 3,
        _ => 0,
    };
    family(a) != 0 && family(a) == family(b)
}
