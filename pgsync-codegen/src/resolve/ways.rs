//! The ways from a table to another that the catalogue declares. In: the catalogue. Out: foreign keys in either
//! direction, and join tables. Which of them is meant is not decided here.

use crate::bound::{Link, Through};
use crate::catalog::{Catalog, Column, ForeignKey, Kind, Table};
use pgsync_plan::ValueKind;
use serde_json::{Value, json};

/// A way from a parent to a child.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) link: Link,
    /// The child's table.
    pub(crate) table: usize,
    /// Whether a parent's row may have several rows of the child.
    pub(crate) many: bool,
    /// Whether it may have none.
    pub(crate) optional: bool,
}

impl Link {
    /// The link as `relationship` of a schema. `columns` names the columns of a join table too, which is needed where
    /// its declared keys leave a choice.
    pub(crate) fn written(&self, catalog: &Catalog, child: usize, many: bool, scalar: bool, columns: bool) -> Value {
        let variant = if scalar { "scalar" } else { "object" };
        let kind = if many { "one_to_many" } else { "one_to_one" };
        let mut value = json!({ "variant": variant, "type": kind });
        let foreign_key = match &self.through {
            None => json!({ "parent": self.parent, "child": self.child }),
            Some(through) => {
                let table = &catalog.tables[through.table];
                // Without a schema, the child's is meant.
                let same = table.schema == catalog.tables[child].schema;
                let name = if same { table.name.clone() } else { format!("{}.{}", table.schema, table.name) };
                value["through_tables"] = json!([name]);
                json!({ "parent": through.parent, "child": through.child })
            }
        };
        if columns || self.through.is_none() {
            value["foreign_key"] = foreign_key;
        }
        value
    }
}

/// Whether changes of a table are in the log, and are its own.
pub(crate) fn followed(table: &Table) -> bool {
    matches!(table.kind, Kind::Ordinary | Kind::Partitioned) && !table.unlogged
}

/// Whether a foreign key refers to a table.
pub(crate) fn refers(key: &ForeignKey, to: &Table) -> bool {
    key.target_schema == to.schema && key.target == to.name
}

/// Foreign keys in either direction.
pub(crate) fn direct_ways(catalog: &Catalog, parent: usize, child: usize) -> Vec<Way> {
    let (upper, lower) = (&catalog.tables[parent], &catalog.tables[child]);
    let link =
        |parent: &[String], child: &[String]| Link { parent: parent.to_vec(), child: child.to_vec(), through: None };
    let mut ways = Vec::new();
    for key in lower.foreign_keys.iter().filter(|key| refers(key, upper)) {
        ways.push(Way {
            link: link(&key.target_columns, &key.columns),
            table: child,
            many: !lower.is_unique(&key.columns),
            optional: true,
        });
    }
    for key in upper.foreign_keys.iter().filter(|key| refers(key, lower)) {
        let nullable = key.columns.iter().any(|name| upper.column(name).is_none_or(|column| column.nullable));
        ways.push(Way {
            link: link(&key.columns, &key.target_columns),
            table: child,
            many: false,
            optional: nullable || !key.validated,
        });
    }
    ways
}

/// A join table with a foreign key to each.
pub(crate) fn through_ways(catalog: &Catalog, parent: usize, child: usize, table: usize) -> Vec<Way> {
    let join = &catalog.tables[table];
    let to = |target: usize| join.foreign_keys.iter().filter(move |key| refers(key, &catalog.tables[target]));
    let mut ways = Vec::new();
    for up in to(parent) {
        for down in to(child).filter(|down| down.name != up.name && (parent != child || down.columns != up.columns)) {
            ways.push(Way {
                link: Link {
                    parent: up.target_columns.clone(),
                    child: down.target_columns.clone(),
                    through: Some(Through { table, parent: up.columns.clone(), child: down.columns.clone() }),
                },
                table: child,
                many: true,
                optional: true,
            });
        }
    }
    ways
}

/// Whether the database has an equality between two columns. An array of arrays would be one array of more dimensions,
/// so arrays link no rows.
pub(crate) fn equal_types(a: &Column, b: &Column) -> bool {
    if !a.has_equality() || !b.has_equality() || a.array || b.array {
        return false;
    }
    if a.cast == b.cast {
        return true;
    }
    let family = |column: &Column| match column.kind {
        ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 => 1,
        ValueKind::Float4 | ValueKind::Float8 | ValueKind::Numeric => 2,
        ValueKind::Oid => 3,
        ValueKind::Text | ValueKind::Char => 4,
        ValueKind::Date | ValueKind::Timestamp | ValueKind::TimestampTz => 5,
        _ => 0,
    };
    match (family(a), family(b)) {
        (0, _) | (_, 0) => false,
        // An oid is converted to integers, and to nothing else.
        (1, 2 | 3) | (2 | 3, 1) => true,
        (one, other) => one == other,
    }
}

/// Whether the database would not know by which collation to compare two columns: each has one of its own, and they differ.
pub(crate) fn collations_clash(a: &Column, b: &Column) -> bool {
    a.collation.is_some() && b.collation.is_some() && a.collation != b.collation
}
