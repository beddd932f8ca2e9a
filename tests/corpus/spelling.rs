//! What a history says in two ways. In: tables, columns, values. Out: SQL as PostgreSQL takes it, or as MySQL and MariaDB do
//! where a text in double quotes is a name and a backslash stands for itself.

use super::facts::{Column, Table};
use super::session::Texts;
use crate::support::seed::Seed;
use pgsync_codegen::catalog;
use pgsync_plan::ValueKind;

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Postgres,
    /// Of MySQL and MariaDB.
    Binlog,
}

use Spelling::{Binlog, Postgres};

impl Spelling {
    /// A column's value as a text that is a value of it again. `of` is the table's alias with its dot, or nothing.
    pub(super) fn text(self, column: &Column, of: &str) -> String {
        let name = format!("{of}{}", column.name);
        match (self, column.kind) {
            (Postgres, _) => format!("{name}::text"),
            (Binlog, ValueKind::Bytea) => format!("CONCAT('\\x', LOWER(HEX({name})))"),
            // A number of bits has no letters; a float shows fewer digits than it has.
            (Binlog, ValueKind::UInt8) => format!("CAST({name} + 0 AS CHAR)"),
            (Binlog, ValueKind::Float4) => format!("CAST({name} AS DOUBLE)"),
            (Binlog, _) => name,
        }
    }

    /// A value as it stands in a statement; the server finds its type.
    pub(super) fn literal(self, column: &Column, value: Option<&str>) -> String {
        let Some(value) = value else { return "NULL".to_owned() };
        match (self, column.kind) {
            (Binlog, ValueKind::Bytea) => format!("X'{}'", value.trim_start_matches("\\x")),
            (Binlog, ValueKind::UInt8) if value.bytes().all(|byte| byte.is_ascii_digit()) => value.to_owned(),
            _ => format!("'{}'", value.replace('\'', "''")),
        }
    }

    /// The condition that a column has a value.
    pub(super) fn has(self, column: &Column, of: &str, value: Option<&str>) -> String {
        match (self, value) {
            (Postgres, _) => format!("{} = {}", self.text(column, of), self.literal(column, value)),
            (Binlog, None) => format!("{of}{} IS NULL", column.name),
            (Binlog, Some(_)) if column.kind == ValueKind::Json => {
                format!("CAST({of}{} AS CHAR) = {}", column.name, self.literal(column, value))
            }
            (Binlog, Some(_)) => format!("{of}{} = {}", column.name, self.literal(column, value)),
        }
    }

    /// Two columns that say where a row of the table `x` stands, for tables without a key.
    pub(super) fn place(self) -> &'static str {
        match self {
            Postgres => "x.ctid::text, x.tableoid::text",
            Binlog => "NULL, NULL",
        }
    }

    /// The condition that a row of a table without a key is this one. On a server that has no name for its place, rows that
    /// show the same are the same, but for numbers whose text is not quite their value.
    pub(super) fn stands_at(self, table: &Table, row: (&Texts, &Texts), of: &str) -> String {
        let (place, values) = row;
        match self {
            Postgres => {
                let [place, table] = [0, 1].map(|at| place[at].as_deref().unwrap_or_default());
                format!("{of}ctid = '{place}' AND {of}tableoid = {table}")
            }
            Binlog => {
                let exact = |column: &Column| !matches!(column.kind, ValueKind::Float4 | ValueKind::Float8);
                let columns = table.columns.iter().zip(values).filter(|(column, _)| exact(column));
                let conditions: Vec<String> =
                    columns.map(|(column, value)| self.has(column, of, value.as_deref())).collect();
                conditions.join(" AND ")
            }
        }
    }

    /// What ends a statement that is about so many rows: of rows without a key there may be more of the same.
    pub(super) fn only(self, table: &Table, rows: usize) -> String {
        match self {
            Binlog if table.key.is_empty() => format!(" LIMIT {rows}"),
            _ => String::new(),
        }
    }

    /// What columns have in common whose values may go from one to the other. What is JSON here may be an array elsewhere.
    pub(super) fn kind_of_values(self, table: &str, column: &catalog::Column) -> String {
        match (self, column.kind) {
            (Binlog, ValueKind::Json) => format!("{table}.{}", column.name),
            _ => column.cast.clone(),
        }
    }

    /// An order of the rows of the table `x`, another one for each number.
    pub(super) fn shuffled(self, number: u64) -> String {
        match self {
            Postgres => format!("md5(ROW(x.*)::text || '{number}')"),
            Binlog => format!("RAND({number})"),
        }
    }

    /// A new row. Some servers have statements by which it may take the place of one that is there, or be left out.
    pub(super) fn inserted(self, table: &str, names: &[&str], values: &[String], seed: &mut Seed) -> String {
        let row = format!("INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "));
        match self {
            Postgres => format!("INSERT {row}"),
            Binlog => match seed.below(10) {
                0 => format!("REPLACE {row}"),
                1 => {
                    let set: Vec<String> = names.iter().map(|name| format!("{name} = VALUES({name})")).collect();
                    format!("INSERT {row} ON DUPLICATE KEY UPDATE {}", set.join(", "))
                }
                2 => format!("INSERT IGNORE {row}"),
                _ => format!("INSERT {row}"),
            },
        }
    }

    /// What stands behind the table where a row is to have no value of its own.
    pub(super) fn without_values(self) -> &'static str {
        match self {
            Postgres => "DEFAULT VALUES",
            Binlog => "() VALUES ()",
        }
    }

    /// Has the columns of the rows `x` take what the rows `y` of the same table have.
    pub(super) fn taken_over(self, table: &str, columns: &[&str], condition: &str) -> String {
        let of = if self == Binlog { "x." } else { "" };
        let set: Vec<String> = columns.iter().map(|name| format!("{of}{name} = y.{name}")).collect();
        let set = set.join(", ");
        match self {
            Postgres => format!("UPDATE {table} AS x SET {set} FROM {table} AS y WHERE {condition}"),
            Binlog => format!("UPDATE {table} AS x JOIN {table} AS y ON {condition} SET {set}"),
        }
    }

    /// Empties a table, or a part of it that has a name of its own; what refers to it goes too, or is left alone.
    pub(super) fn truncated(self, table: &Table, name: &str, referred: bool) -> String {
        match self {
            Postgres => format!("TRUNCATE {name}{}", if referred { " CASCADE" } else { "" }),
            Binlog if name == table.name => format!("TRUNCATE TABLE {name}"),
            Binlog => format!("ALTER TABLE {} TRUNCATE PARTITION {name}", table.name),
        }
    }

    /// Whether TRUNCATE is a statement like others, that a transaction may hold and take back.
    pub(super) fn truncates_in_transactions(self) -> bool {
        self == Postgres
    }

    /// Whether each column of a table is an identity, and whether it has a default, by name.
    pub(super) fn attributes(self, schema: &str, table: &str) -> String {
        match self {
            Postgres => format!(
                "SELECT attname::text, coalesce(to_jsonb(a) ->> 'attidentity', ''), atthasdef FROM pg_attribute a
                 WHERE attrelid = '{}'::regclass AND attnum > 0 AND NOT attisdropped",
                apostrophes(&qualified(schema, table))
            ),
            Binlog => format!(
                "SELECT column_name, IF(extra LIKE '%auto_increment%', 'd', ''), IF(column_default IS NULL, 'f', 't')
                 FROM information_schema.columns WHERE table_schema = '{}' AND table_name = '{}'",
                apostrophes(schema),
                apostrophes(table)
            ),
        }
    }

    /// The parts of a table at every depth, as they stand in a statement.
    pub(super) fn partitions(self, schema: &str, table: &str) -> String {
        match self {
            Postgres => format!(
                "WITH RECURSIVE part AS (
                   SELECT inhrelid AS oid FROM pg_inherits WHERE inhparent = '{0}'::regclass
                   UNION ALL SELECT i.inhrelid FROM part p JOIN pg_inherits i ON i.inhparent = p.oid)
                 SELECT format('%I.%I', n.nspname, c.relname)
                 FROM part p JOIN pg_class c ON c.oid = p.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY 1",
                apostrophes(&qualified(schema, table))
            ),
            Binlog => format!(
                "SELECT DISTINCT partition_name FROM information_schema.partitions
                 WHERE partition_name IS NOT NULL AND table_schema = '{}' AND table_name = '{}' ORDER BY 1",
                apostrophes(schema),
                apostrophes(table)
            ),
        }
    }
}

/// An identifier.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name of a table with its schema's.
pub(super) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quoted(schema), quoted(name))
}

fn apostrophes(text: &str) -> String {
    text.replace('\'', "''")
}
