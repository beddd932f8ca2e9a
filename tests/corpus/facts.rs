//! What can be done to the tables of a case. In: the catalogue and the rows that are there to begin with. Out: tables with
//! their columns, keys and foreign keys, as far as they can be written, and values that each type has already had.

use super::session::{Session, Texts};
use super::spelling::{qualified, quoted};
use pgsync_codegen::catalog::{Catalog, Kind};
use pgsync_plan::ValueKind;
use std::collections::BTreeMap;

/// The tables, and known values by type.
pub(super) struct Facts {
    /// Parents before children, but for circles.
    pub(super) tables: Vec<Table>,
    /// Values as text, by the type's name.
    pub(super) known: BTreeMap<String, Vec<String>>,
}

pub(super) struct Table {
    /// Schema and name as the catalogue has them.
    pub(super) known_as: (String, String),
    /// As it stands in a statement.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Positions of the key's columns.
    pub(super) key: Vec<usize>,
    pub(super) foreign: Vec<Foreign>,
    /// Its partitions at every depth, as they stand in a statement.
    pub(super) partitions: Vec<String>,
}

pub(super) struct Column {
    /// As it stands in a statement.
    pub(super) name: String,
    pub(super) kind: ValueKind,
    pub(super) array: bool,
    /// Name of the type, which tells values apart.
    pub(super) cast: String,
    /// Most characters, where the type says so.
    pub(super) length: Option<usize>,
    pub(super) nullable: bool,
    /// Whether a statement may say its value.
    pub(super) written: bool,
    pub(super) default: bool,
    /// Whether it is an `_id` by itself, which engines do not take when it is empty.
    pub(super) id: bool,
    /// Of an enum.
    pub(super) labels: Vec<String>,
    /// Whether it takes values that are there only.
    pub(super) settled: bool,
}

/// A declared foreign key, by positions.
pub(super) struct Foreign {
    pub(super) columns: Vec<usize>,
    pub(super) target: usize,
    pub(super) target_columns: Vec<usize>,
}

impl Table {
    /// Whether a foreign key has this column.
    pub(super) fn refers(&self, column: usize) -> bool {
        self.foreign.iter().any(|key| key.columns.contains(&column))
    }

    /// Columns that are neither key nor reference.
    pub(super) fn plain(&self) -> Vec<usize> {
        let own = |column: &usize| !self.key.contains(column) && !self.refers(*column);
        (0..self.columns.len()).filter(|column| self.columns[*column].written).filter(own).collect()
    }

    /// Columns of the key that refer to nothing.
    pub(super) fn own_key(&self) -> Vec<usize> {
        let own = |column: &usize| self.columns[*column].written && !self.refers(*column);
        self.key.iter().copied().filter(own).collect()
    }
}

impl Facts {
    /// Reads what the catalogue does not say, and the values.
    pub(super) async fn read(catalog: &Catalog, session: Session<'_>) -> Self {
        let tables: Vec<_> = catalog
            .tables
            .iter()
            .filter(|table| matches!(table.kind, Kind::Ordinary | Kind::Partitioned | Kind::Inherited))
            .collect();
        let place = |schema: &str, name: &str| {
            tables.iter().position(|t| (t.schema.as_str(), t.name.as_str()) == (schema, name))
        };
        let mut found = Vec::new();
        for table in &tables {
            let name = qualified(&table.schema, &table.name);
            let attributes = attributes(session, &table.schema, &table.name).await;
            let columns: Vec<Column> = table
                .columns
                .iter()
                .map(|column| {
                    let (identity, default) = attributes.get(&column.name).cloned().unwrap_or_default();
                    let of_enum = column.enumeration.as_ref();
                    let of_enum = of_enum.and_then(|of| {
                        catalog.enums.iter().find(|known| (&known.schema, &known.name) == (&of.schema, &of.name))
                    });
                    Column {
                        name: quoted(&column.name),
                        kind: column.kind,
                        array: column.array,
                        cast: session.spelling().kind_of_values(&name, column),
                        length: length(&column.declared),
                        nullable: column.nullable,
                        written: !column.generated && identity != "a",
                        default: default || !identity.is_empty(),
                        id: table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.as_str()]),
                        settled: false,
                        labels: of_enum.map(|of| of.labels.clone()).unwrap_or_default(),
                    }
                })
                .collect();
            let at = |name: &String| table.columns.iter().position(|column| column.name == *name).unwrap();
            let foreign = table.foreign_keys.iter().filter_map(|key| {
                let target = place(&key.target_schema, &key.target)?;
                let of_target = |name: &String| tables[target].columns.iter().position(|column| column.name == *name);
                Some(Foreign {
                    columns: key.columns.iter().map(at).collect(),
                    target,
                    target_columns: key.target_columns.iter().filter_map(of_target).collect(),
                })
            });
            let key = table.primary_key.as_ref().map_or_else(Vec::new, |key| key.columns.iter().map(at).collect());
            let partitions = partitions(session, &table.schema, &table.name).await;
            let known_as = (table.schema.clone(), table.name.clone());
            found.push(Table { known_as, foreign: foreign.collect(), name, columns, key, partitions });
        }
        let known = known(&found, session).await;
        Self { tables: found, known }
    }

    /// Positions of the tables, parents before children.
    pub(super) fn parents_first(&self) -> Vec<usize> {
        let mut order = Vec::new();
        while order.len() < self.tables.len() {
            let left: Vec<usize> = (0..self.tables.len()).filter(|table| !order.contains(table)).collect();
            let free = left.iter().find(|table| {
                let targets = self.tables[**table].foreign.iter().map(|key| key.target);
                targets.filter(|target| target != *table).all(|target| order.contains(&target))
            });
            order.push(*free.unwrap_or(&left[0]));
        }
        order
    }
}

/// Name -> how it is an identity, and whether it has a default.
async fn attributes(session: Session<'_>, schema: &str, table: &str) -> BTreeMap<String, (String, bool)> {
    let rows = session.rows(&session.spelling().attributes(schema, table)).await;
    let attribute = |row: Texts| {
        let [name, identity, default] = <[Option<String>; 3]>::try_from(row).unwrap();
        (name.unwrap(), (identity.unwrap_or_default(), default.as_deref() == Some("t")))
    };
    rows.into_iter().map(attribute).collect()
}

async fn partitions(session: Session<'_>, schema: &str, table: &str) -> Vec<String> {
    let rows = session.rows(&session.spelling().partitions(schema, table)).await;
    rows.into_iter().flatten().flatten().collect()
}

/// A few values of each type, from all tables: links that no foreign key declares meet through them.
async fn known(tables: &[Table], session: Session<'_>) -> BTreeMap<String, Vec<String>> {
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in tables {
        for column in &table.columns {
            let text = session.spelling().text(column, "x.");
            let sql =
                format!("SELECT DISTINCT {text} FROM {} AS x WHERE {text} IS NOT NULL ORDER BY 1 LIMIT 40", table.name);
            let rows = session.rows(&sql).await;
            known.entry(column.cast.clone()).or_default().extend(rows.into_iter().flatten().flatten());
        }
    }
    for values in known.values_mut() {
        values.sort();
        values.dedup();
    }
    known
}

/// The number in `character varying(10)`, `varchar(10)` and the like.
fn length(declared: &str) -> Option<usize> {
    let of_text = ["character", "char", "varchar"].iter().any(|name| declared.starts_with(name));
    declared.split_once('(').filter(|_| of_text)?.1.split_once(')')?.0.parse().ok()
}
