//! The rows of a MySQL or a MariaDB in a PostgreSQL. In: a case, its tables on both. Out: a database that holds the same
//! rows, where the case's queries are asked. So a case has one oracle for all databases, which knows nothing of the code
//! under test nor of the server that it reads.

use super::case::{Case, Oracles};
use super::facts::{self, Facts};
use super::index::{self, Documents};
use super::session::{Session, Texts};
use super::spelling::{Spelling, qualified, quoted};
use crate::support::database::Database;
use crate::support::servers;
use pgsync_codegen::catalog::{Column, PUBLIC, live};
use pgsync_plan::ValueKind;

/// The copy.
pub(super) struct Mirror {
    database: Database,
    tables: Vec<Mirrored>,
    oracles: Oracles,
}

struct Mirrored {
    /// As PostgreSQL calls it.
    name: String,
    columns: Vec<String>,
    /// What reads it on the other server.
    select: String,
    /// Per column: the type of its elements, where it is an array.
    elements: Vec<Option<String>>,
    /// What it was given last.
    rows: Vec<Texts>,
}

/// Rows are taken as they are: what else could refuse one is taken away.
const OPEN: &str = "DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT conrelid::regclass AS of, conname AS name FROM pg_constraint
    WHERE contype IN ('f', 'c') AND conrelid <> 0 AND conparentid = 0 AND coninhcount = 0
      AND connamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.of, found.name); END LOOP;
END $$";

/// The schema in PostgreSQL of what is in a database there; `own` is the one that is connected to.
pub(super) fn schema_of<'a>(database: &'a str, own: &str) -> &'a str {
    if database == own { PUBLIC } else { database }
}

impl Mirror {
    /// Makes the tables; `database` is the case's on the other server, of which the facts are. `folded`: texts are the same
    /// where they differ in their case only.
    pub(super) async fn new(case: &Case, name: &str, database: &str, facts: &mut Facts, folded: bool) -> Self {
        let copy = Database::create(&servers::postgres_newest(), name).await;
        let mut oracles = case.mysql_oracles.as_ref().unwrap_or(&case.oracles).clone();
        let mut tables = case.tables.clone();
        if folded {
            copy.run("CREATE EXTENSION citext").await;
            tables = tables.replace(" text", " citext");
            // The extension has a function of that name, to which a backslash is none.
            oracles.iter_mut().for_each(|(_, query)| *query = query.replace("replace(", "pg_catalog.replace("));
        }
        for sql in [&tables, OPEN, index::WRITTEN] {
            copy.run(sql).await;
        }
        let catalog = live::read(&copy.client, &case.schemas()).await.unwrap();
        let mut mirrored = Vec::new();
        for table in &mut facts.tables {
            let (of, name) = &table.known_as;
            let of = schema_of(of, database);
            let known = catalog.tables.iter().find(|known| (known.schema.as_str(), &known.name) == (of, name));
            let known = known.unwrap_or_else(|| panic!("{}: tables.sql has no {of}.{name}", case.name));
            let name = qualified(of, name);
            let mut copied =
                Mirrored { name, columns: Vec::new(), select: String::new(), elements: Vec::new(), rows: Vec::new() };
            let mut texts = Vec::new();
            for there in &mut table.columns {
                let known = known.columns.iter().find(|known| quoted(&known.name) == there.name);
                if known.is_some_and(|known| known.generated) {
                    continue;
                }
                let alter = match known {
                    Some(known) => retyped(known, there),
                    // Under another name, which the queries for it know.
                    None => Some(format!("ADD {} text", there.name)),
                };
                if let Some(alter) = alter {
                    copy.run(&format!("ALTER TABLE {} {alter}", copied.name)).await;
                }
                texts.push(text(known, there));
                copied.columns.push(there.name.clone());
                copied.elements.push(known.filter(|known| known.array).map(|known| known.cast.clone()));
            }
            copied.select = format!("SELECT {} FROM {}", texts.join(", "), table.name);
            mirrored.push(copied);
        }
        Self { tables: mirrored, database: copy, oracles }
    }

    /// Makes it hold what the other server does, which nobody else is changing.
    pub(super) async fn refresh(&mut self, session: Session<'_>) {
        let mut script = "BEGIN; SET LOCAL session_replication_role = replica;".to_owned();
        for table in &mut self.tables {
            let rows = session.rows(&table.select).await;
            if rows == table.rows {
                continue;
            }
            script.push_str(&format!("DELETE FROM {};", table.name));
            if !rows.is_empty() {
                let values: Vec<String> = rows.iter().map(|row| values(row, &table.elements)).collect();
                let (name, columns) = (&table.name, table.columns.join(", "));
                let insert = format!("INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE VALUES");
                script.push_str(&format!("{insert} {};", values.join(", ")));
            }
            table.rows = rows;
        }
        self.database.run(&(script + "COMMIT")).await;
    }

    /// What the indexes should hold.
    pub(super) async fn wanted(&self) -> Documents {
        index::wanted(&self.oracles, &self.database.client).await
    }
}

/// Gives a column the type that holds every value of the other server's, or has that be given no other values than it has. A
/// `char` of PostgreSQL ends with blanks in documents, and that of the others does not.
fn retyped(column: &Column, there: &mut facts::Column) -> Option<String> {
    let plain = column.declared.trim_end_matches("[]").split('(').next() == Some(&column.cast);
    let ty = match (column.kind, there.kind) {
        (ValueKind::Text, ValueKind::Text) if plain => return None,
        (kind, ValueKind::Text) if kind != ValueKind::Text => {
            if kind == ValueKind::Uuid {
                // Of which an `_id` is made in another way than of any text.
                there.kind = kind;
            }
            "text".to_owned()
        }
        _ => {
            let of_json = matches!(column.kind, ValueKind::Json | ValueKind::Jsonb) && !column.array;
            there.settled = there.kind == ValueKind::Json && !of_json;
            if there.settled && !column.array && column.kind != ValueKind::Bool {
                there.settled = false;
                "jsonb".to_owned()
            } else if plain {
                return None;
            } else {
                // Of a domain, which may refuse values.
                format!("{}{}", column.cast, if column.array { "[]" } else { "" })
            }
        }
    };
    let name = &there.name;
    Some(format!("ALTER {name} DROP DEFAULT, ALTER {name} TYPE {ty} USING NULL"))
}

/// What reads a column there.
fn text(column: Option<&Column>, there: &facts::Column) -> String {
    match column {
        Some(column) if column.kind == ValueKind::Bool && there.kind != ValueKind::Json => {
            format!("{} <> 0", there.name)
        }
        _ => Spelling::Binlog.text(there, ""),
    }
}

/// An array is JSON there.
fn values(row: &[Option<String>], elements: &[Option<String>]) -> String {
    let literal = |(value, of): (&Option<String>, &Option<String>)| match (value, of) {
        (None, _) => "NULL".to_owned(),
        (Some(value), None) => format!("'{}'", value.replace('\'', "''")),
        (Some(value), Some(of)) => {
            let value = value.replace('\'', "''");
            format!("ARRAY(SELECT jsonb_array_elements_text('{value}'))::{of}[]")
        }
    };
    format!("({})", row.iter().zip(elements).map(literal).collect::<Vec<_>>().join(", "))
}
