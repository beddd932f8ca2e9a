//! Reading the catalogue of a running MySQL or MariaDB. In: a session, and names of databases, which are its schemas. Out: a
//! [`Catalog`]. It only reads, and only `information_schema`.

mod json;

use super::{
    Action, Catalog, Column, Comparison, ForeignKey, Key, Kind, QualifiedName, ReadTable, Release, Table,
    ViewDefinition, reads,
};
use crate::emit::sql::{Dialect as _, MYSQL};
use crate::types::{Types, labels};
use mysql_async::prelude::{FromRow, Queryable as _};
use mysql_async::{Conn, Error};
use pgsync_plan::{Dialect, EnumType, ValueKind};
use std::collections::{BTreeMap, BTreeSet};

/// The databases that are not the system's.
///
/// # Errors
/// Those of the session.
pub async fn schemas(session: &mut Conn) -> Result<Vec<String>, Error> {
    let mut found: Vec<String> = session.query(SCHEMAS).await?;
    found.sort();
    Ok(found)
}

/// Which of the two a server is.
///
/// # Errors
/// Those of the session.
pub async fn dialect(session: &mut Conn) -> Result<Dialect, Error> {
    Ok(server(session).await?.0)
}

async fn server(session: &mut Conn) -> Result<(Dialect, Option<Release>), Error> {
    let version: Option<String> = session.query_first("SELECT VERSION()").await?;
    let version = version.unwrap_or_default();
    let mariadb = version.to_lowercase().contains("mariadb");
    Ok((if mariadb { Dialect::Mariadb } else { Dialect::Mysql }, Release::of(&version)))
}

/// Reads the tables of these databases; `default_schema` is the one that is meant where none is named. It sets `sql_mode`, by
/// which the server writes queries and conditions.
///
/// # Errors
/// Those of the session.
pub async fn read(session: &mut Conn, default_schema: &str, schemas: &[String]) -> Result<Catalog, Error> {
    session.query_drop("SET sql_mode = ''").await?;
    let (dialect, release) = server(session).await?;
    let mut reader = Reader { dialect, session, schemas, tables: BTreeMap::new(), enums: Vec::new() };
    if !schemas.is_empty() {
        reader.tables().await?;
        reader.columns().await?;
        reader.indexes().await?;
        reader.foreign_keys().await?;
        reader.views().await?;
        if dialect == Dialect::Mariadb {
            json::of_views(&mut reader.tables);
        }
    }
    reader.enums.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    Ok(Catalog {
        format: Catalog::FORMAT,
        dialect,
        default_schema: default_schema.to_owned(),
        release,
        tables: reader.tables.into_values().collect(),
        enums: reader.enums,
    })
}

/// Schema and name.
type Name = (String, String);

struct Reader<'a> {
    dialect: Dialect,
    session: &'a mut Conn,
    schemas: &'a [String],
    tables: BTreeMap<Name, Table>,
    enums: Vec<EnumType>,
}

impl Reader<'_> {
    /// Asks; `schemas` in the text stands for the databases.
    async fn rows<R: FromRow + Send + 'static>(&mut self, statement: &str) -> Result<Vec<R>, Error> {
        let schemas: Vec<String> = self.schemas.iter().map(|schema| MYSQL.literal(schema)).collect();
        self.session.query(statement.replace("$schemas", &schemas.join(", "))).await
    }

    async fn tables(&mut self) -> Result<(), Error> {
        type Row = (String, String, String, Option<String>, Option<String>);
        let rows: Vec<Row> = self.rows(TABLES).await?;
        for (schema, name, kind, engine, comment) in rows {
            let kind = match kind.as_str() {
                "VIEW" => Kind::View,
                _ if engine.is_some_and(|engine| TRANSACTIONAL.contains(&engine.as_str())) => Kind::Ordinary,
                _ => Kind::WithoutTransactions,
            };
            let table = Table {
                schema,
                name,
                kind,
                unlogged: false,
                // A view's is the word VIEW.
                comment: comment.filter(|comment| !comment.is_empty() && !kind.is_view()),
                view: None,
                inherits: Vec::new(),
                columns: Vec::new(),
                primary_key: None,
                unique: Vec::new(),
                foreign_keys: Vec::new(),
                indexes: Vec::new(),
            };
            self.tables.insert((table.schema.clone(), table.name.clone()), table);
        }
        Ok(())
    }

    async fn columns(&mut self) -> Result<(), Error> {
        let json = self.json().await?;
        let rows: Vec<ColumnRow> = self.rows(COLUMNS).await?;
        for (schema, table, name, data, declared, nullable, length, charset, collation, generated, comment) in rows {
            let is_json = json.contains(&(schema.clone(), table.clone(), name.clone()));
            let declared = if is_json { "json".to_owned() } else { declared };
            let data = if is_json { "json".to_owned() } else { data.to_lowercase() };
            let family = if declared.contains("unsigned") { format!("{data} unsigned") } else { data.clone() };
            let types = Types::of(self.dialect);
            let kind = match types.named(&family) {
                ValueKind::Other => types.named(&data),
                kind => kind,
            };
            let charset = charset.filter(|_| !is_json);
            let mut enumeration = None;
            if kind == ValueKind::Enum {
                let of = QualifiedName { schema: schema.clone(), name: format!("{table}_{name}") };
                self.enums.push(EnumType {
                    schema: of.schema.clone(),
                    name: of.name.clone(),
                    labels: labels(&declared),
                });
                enumeration = Some(of);
            }
            let column = Column {
                cast: cast(&data, &declared, length, charset.as_deref().zip(collation.as_deref())),
                name,
                comparison: match kind {
                    ValueKind::Json | ValueKind::Other => Comparison::None,
                    _ => Comparison::BuiltIn,
                },
                declared,
                kind,
                array: false,
                textual: false,
                collation: charset.zip(collation).map(|(schema, name)| QualifiedName { schema, name }),
                enumeration,
                nullable: nullable == "YES",
                generated: generated.is_some_and(|expression| !expression.is_empty()),
                comment: Some(comment).filter(|comment| !comment.is_empty()),
            };
            if let Some(table) = self.tables.get_mut(&(schema, table)) {
                table.columns.push(column);
            }
        }
        Ok(())
    }

    /// The columns of MariaDB that hold JSON: texts that a constraint holds to be such.
    async fn json(&mut self) -> Result<BTreeSet<(String, String, String)>, Error> {
        if self.dialect != Dialect::Mariadb {
            return Ok(BTreeSet::new());
        }
        let rows: Vec<(String, String, String)> = self.rows(JSON).await?;
        let found = rows.into_iter().filter_map(|(schema, table, clause)| {
            let column = clause.strip_prefix("json_valid(`")?.strip_suffix("`)")?.replace("``", "`");
            Some((schema, table, column))
        });
        Ok(found.collect())
    }

    async fn indexes(&mut self) -> Result<(), Error> {
        type Row = (String, String, String, u64, Option<String>, Option<u64>, String);
        let rows: Vec<Row> = self.rows(INDEXES).await?;
        let mut indexes: BTreeMap<(String, String, String), Index> = BTreeMap::new();
        for (schema, table, name, not_unique, column, prefix, method) in rows {
            let index = indexes.entry((schema, table, name)).or_default();
            index.unique = not_unique == 0;
            index.parts |= prefix.is_some();
            index.other |= column.is_none() || method != "BTREE";
            index.columns.extend(column);
        }
        for ((schema, table, name), Index { mut columns, unique, parts, other }) in indexes {
            let Some(table) = self.tables.get_mut(&(schema, table)) else { continue };
            if !other {
                table.indexes.push(columns.clone());
            }
            if name == "PRIMARY" {
                columns.sort();
                table.primary_key = Some(Key { columns, immediate: true });
            } else if unique && !other && !parts {
                table.unique.push(columns);
            }
        }
        Ok(())
    }

    async fn foreign_keys(&mut self) -> Result<(), Error> {
        type Row = (String, String, String, String, String, String, String, String, String);
        let rows: Vec<Row> = self.rows(FOREIGN_KEYS).await?;
        for (schema, table, name, column, target_schema, target, target_column, on_delete, on_update) in rows {
            let Some(table) = self.tables.get_mut(&(schema, table)) else { continue };
            // Its columns come one after the other.
            if table.foreign_keys.last().is_none_or(|last| last.name != name) {
                table.foreign_keys.push(ForeignKey {
                    name,
                    columns: Vec::new(),
                    target_schema,
                    target,
                    target_columns: Vec::new(),
                    validated: true,
                    on_delete: action(&on_delete),
                    on_update: action(&on_update),
                });
            }
            if let Some(key) = table.foreign_keys.last_mut() {
                key.columns.push(column);
                key.target_columns.push(target_column);
            }
        }
        Ok(())
    }

    async fn views(&mut self) -> Result<(), Error> {
        let rows: Vec<(String, String, String)> = self.rows(VIEWS).await?;
        for (schema, name, query) in rows {
            // Without a definition the view is refused by whoever shows it: nobody knows what it depends on.
            let Some(found) = reads::of(&query) else { continue };
            let reads = found.into_iter().map(|(of, name)| {
                let schema = of.unwrap_or_else(|| schema.clone());
                // Of the columns nothing is said: any may count.
                let table = self.tables.get(&(schema.clone(), name.clone()));
                let mut columns: Vec<String> =
                    table.iter().flat_map(|table| &table.columns).map(|column| column.name.clone()).collect();
                columns.sort();
                ReadTable { schema, name, columns }
            });
            let view = ViewDefinition { reads: reads.collect(), query };
            if let Some(table) = self.tables.get_mut(&(schema, name)) {
                table.view = Some(view);
            }
        }
        Ok(())
    }
}

/// Engines that log what is committed, as transactions.
const TRANSACTIONAL: [&str; 3] = ["InnoDB", "ndbcluster", "ROCKSDB"];

/// Types whose values are shapes.
const GEOMETRY: [&str; 9] = [
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
];

/// The columns of [`COLUMNS`].
type ColumnRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<u64>,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
);

#[derive(Default)]
struct Index {
    columns: Vec<String>,
    unique: bool,
    /// Whether it holds the first characters of a column only.
    parts: bool,
    /// Whether it is of an expression, or no tree.
    other: bool,
}

fn action(rule: &str) -> Option<Action> {
    match rule {
        "CASCADE" => Some(Action::Cascade),
        "SET NULL" => Some(Action::SetNull),
        _ => None,
    }
}

/// The type of a column of `JSON_TABLE` whose values are compared with this one's by the same rules.
fn cast(data: &str, declared: &str, length: Option<u64>, text: Option<(&str, &str)>) -> String {
    if let Some((charset, collation)) = text {
        let ty = match (data, length) {
            ("char" | "varchar" | "enum" | "set", Some(length)) => format!("varchar({})", length.max(1)),
            _ => "longtext".to_owned(),
        };
        return format!("{ty} character set {charset} collate {collation}");
    }
    let unsigned = if declared.contains("unsigned") { " unsigned" } else { "" };
    match data {
        "bit" => "bigint unsigned".to_owned(),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => format!("{data}{unsigned}"),
        // What is shown of them may be fewer digits.
        "float" | "double" => "double".to_owned(),
        "decimal" | "datetime" | "timestamp" | "time" => {
            declared.replace(" unsigned", "").replace(" zerofill", "").to_lowercase()
        }
        data if GEOMETRY.contains(&data) => "geometry".to_owned(),
        data => data.to_owned(),
    }
}

const SCHEMAS: &str = "
    SELECT schema_name FROM information_schema.schemata
    WHERE schema_name NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')";

/// Sequences of MariaDB are tables too.
const TABLES: &str = "
    SELECT table_schema, table_name, table_type, engine, table_comment FROM information_schema.tables
    WHERE table_schema IN ($schemas) AND table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')";

const COLUMNS: &str = "
    SELECT table_schema, table_name, column_name, data_type, CAST(column_type AS CHAR), is_nullable, character_maximum_length,
           character_set_name, collation_name, CAST(generation_expression AS CHAR), CAST(column_comment AS CHAR)
    FROM information_schema.columns
    WHERE table_schema IN ($schemas) ORDER BY table_schema, table_name, ordinal_position";

const JSON: &str = "
    SELECT constraint_schema, table_name, CAST(check_clause AS CHAR) FROM information_schema.check_constraints
    WHERE constraint_schema IN ($schemas) AND check_clause LIKE 'json\\_valid(%'";

const INDEXES: &str = "
    SELECT table_schema, table_name, index_name, non_unique, column_name, sub_part, index_type
    FROM information_schema.statistics
    WHERE table_schema IN ($schemas) ORDER BY table_schema, table_name, index_name, seq_in_index";

/// MariaDB shows what a key does to those who may do more than SELECT, and the key itself to everybody.
const FOREIGN_KEYS: &str = "
    SELECT k.table_schema, k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema,
           k.referenced_table_name, k.referenced_column_name, IFNULL(r.delete_rule, ''), IFNULL(r.update_rule, '')
    FROM information_schema.key_column_usage k
    LEFT JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
    WHERE k.table_schema IN ($schemas) AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position";

const VIEWS: &str = "
    SELECT table_schema, table_name, CAST(view_definition AS CHAR) FROM information_schema.views
    WHERE table_schema IN ($schemas)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_may_hold_quotes_and_commas() {
        assert_eq!(labels("enum('a','b,c','d''e','')"), ["a", "b,c", "d'e", ""]);
        assert_eq!(labels("int"), [""; 0]);
    }

    #[test]
    fn a_column_of_json_table_compares_as_the_column() {
        assert_eq!(cast("int", "int(10) unsigned zerofill", None, None), "int unsigned");
        assert_eq!(cast("decimal", "decimal(10,2) unsigned", None, None), "decimal(10,2)");
        assert_eq!(cast("datetime", "datetime(6)", None, None), "datetime(6)");
        assert_eq!(cast("point", "point", None, None), "geometry");
        let latin = Some(("latin1", "latin1_bin"));
        assert_eq!(cast("char", "char(5)", Some(5), latin), "varchar(5) character set latin1 collate latin1_bin");
        assert_eq!(cast("text", "text", Some(65535), latin), "longtext character set latin1 collate latin1_bin");
    }
}
