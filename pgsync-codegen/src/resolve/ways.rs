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
    pub(crate) fn written(&self, catalog: &Catalog, child: usize, many: bool, variant: &str, columns: bool) -> Value {
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
    matches!(table.kind, Kind::Ordinary | Kind::Partitioned | Kind::Inherited) && !table.unlogged
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

/// One side of a join table: columns of it, and those of the other table that equal them.
pub(crate) struct Side<'a> {
    /// Name of the foreign key that says so.
    pub(super) name: &'a str,
    pub(crate) join: &'a [String],
    pub(crate) other: &'a [String],
}

/// What links a join table to another table. That is a foreign key of the join table; only where it has none, one that
/// leads to it: a join table that has both would otherwise leave a choice that nobody sees.
pub(crate) fn sides<'a>(join: &'a Table, other: &'a Table) -> Vec<Side<'a>> {
    let keys = join.foreign_keys.iter().filter(|key| refers(key, other));
    let down: Vec<Side> =
        keys.map(|key| Side { name: &key.name, join: &key.columns, other: &key.target_columns }).collect();
    if !down.is_empty() {
        return down;
    }
    let keys = other.foreign_keys.iter().filter(|key| refers(key, join));
    keys.map(|key| Side { name: &key.name, join: &key.target_columns, other: &key.columns }).collect()
}

/// A table between two others, by foreign keys in either direction on either side.
pub(crate) fn through_ways(catalog: &Catalog, parent: usize, child: usize, table: usize) -> Vec<Way> {
    let join = &catalog.tables[table];
    let mut ways = Vec::new();
    for up in sides(join, &catalog.tables[parent]) {
        for down in sides(join, &catalog.tables[child]) {
            if parent == child && (down.name == up.name || down.join == up.join) {
                continue;
            }
            ways.push(Way {
                link: Link {
                    parent: up.other.to_vec(),
                    child: down.other.to_vec(),
                    through: Some(Through { table, parent: up.join.to_vec(), child: down.join.to_vec() }),
                },
                table: child,
                many: true,
                optional: true,
            });
        }
    }
    ways
}

/// Whether a table is made to join two others: each is referred to by a foreign key of its own.
pub(crate) fn joins(catalog: &Catalog, parent: usize, child: usize, table: usize) -> bool {
    let to = |other: usize| catalog.tables[table].foreign_keys.iter().any(|key| refers(key, &catalog.tables[other]));
    to(parent) && to(child)
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
        ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 | ValueKind::UInt8 => 1,
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
