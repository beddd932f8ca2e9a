//! What set-up and teardown execute, for who wants to read it beforehand. In: a program. Out: the statements, on a server
//! in which nothing of ours is there yet. They come from the same planning as those that are carried out; only what the
//! live catalogue says is supposed here. No database is asked.

use super::Setup;
use super::others::Entry;
use super::replaced::{Replaced, TableName};
use super::state::{CaptureState, Relation, ReplicaIdentity};
use super::teardown::{self, Undone};
use crate::Result;
use crate::source::postgres::connection::quote_identifier;
use pgsync_plan::{Identity, Program, Table, TableKind};

/// The version whose statements are shown: the newest one.
const VERSION: i32 = 180_000;

/// The statements.
#[derive(Debug)]
pub struct Script {
    /// What `bootstrap` executes.
    pub bootstrap: String,
    /// What `teardown` executes after that.
    pub teardown: String,
}

impl Script {
    /// The statements of a program, under the names that it has now.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Refused`] where no server could be set up for it.
    pub fn of(program: &Program) -> Result<Self> {
        let capture = program.capture.logical_replication()?;
        let tables = &program.plan.tables;
        let facts = CaptureState {
            server_version: VERSION,
            wal_level: "logical".to_owned(),
            database: String::new(),
            tables: (1..).zip(tables).map(|(oid, table)| relation(oid, table).into_iter().collect()).collect(),
            roots: (1..).zip(tables).map(|(oid, _)| Some(oid)).collect(),
            publication: None,
            slot: None,
        };
        let mut bootstrap = Setup::beside(&[], &facts, program)?.script();
        if let Some(table) = tables.iter().find(|table| is_full(table) && table.kind == TableKind::Partitioned) {
            bootstrap.push_str(&format!(
                "-- {} is partitioned: the statement is executed for each of its partitions\n",
                table.qualified()
            ));
        }
        let held = tables.iter().filter(|table| is_full(table)).map(|table| Entry {
            table: TableName { schema: table.schema.clone(), name: table.name.clone() },
            replaced: Replaced::Default,
            full: true,
            possible: true,
            trusted: true,
        });
        let mut statements = teardown::plan(&mut Undone::default(), held.collect(), &[], Some(&capture.slot));
        statements.push(format!("DROP PUBLICATION {}", quote_identifier(&capture.publication)));
        Ok(Self { bootstrap, teardown: statements.iter().map(|statement| format!("{statement};\n")).collect() })
    }
}

fn is_full(table: &Table) -> bool {
    table.identity == Identity::Full
}

/// The table as a user would have it who has changed nothing; a view has no rows of its own.
fn relation(oid: u32, table: &Table) -> Option<Relation> {
    let of_table = Relation {
        oid,
        schema: table.schema.clone(),
        name: table.name.clone(),
        identity: ReplicaIdentity::Default,
        identity_index: None,
        keyed: !is_full(table),
        filenode: oid,
        membership: None,
        joined: String::new(),
        filtered_by: None,
        virtual_column: None,
        omitted_by: None,
        permanent: true,
    };
    (!table.kind.is_view()).then_some(of_table)
}

#[cfg(test)]
mod tests {
    use super::super::SavedSetup;
    use super::*;

    #[test]
    fn what_is_executed_can_be_read_beforehand() {
        let program = crate::source::memory::program();
        let Script { bootstrap, teardown } = Script::of(program).unwrap();
        let full = program.plan.tables.iter().filter(|table| is_full(table)).count();
        assert!(full > 0, "some table needs its old rows whole");
        assert_eq!(bootstrap.matches("REPLICA IDENTITY FULL;").count(), full, "{bootstrap}");
        assert_eq!(teardown.matches("REPLICA IDENTITY DEFAULT;").count(), full, "{teardown}");
        for part in ["BEGIN;", "CREATE PUBLICATION", "COMMENT ON PUBLICATION", "COMMIT;", "pg_create_logical"] {
            assert!(bootstrap.contains(part), "{part}: {bootstrap}");
        }
        assert!(teardown.contains("pg_drop_replication_slot") && teardown.contains("DROP PUBLICATION"), "{teardown}");
        let recorded = SavedSetup::parse("p", comment(&bootstrap).as_deref()).unwrap().unwrap();
        assert_eq!(recorded.replaced.len(), full, "what is replaced is recorded");
    }

    /// The comment that the script writes.
    fn comment(script: &str) -> Option<String> {
        let (_, rest) = script.split_once(" IS ")?;
        let (literal, _) = rest.split_once("';\n")?;
        let (_, text) = literal.split_once('\'')?;
        Some(text.replace("''", "'").replace("\\\\", "\\"))
    }
}
