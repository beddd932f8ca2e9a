//! What is missing in the database, and what of ours stands in it. In: a [`Catalogue`]. Out: the statements that make the one
//! and remove the other, each set in one transaction, with locks asked for under a short limit and asked for again.

use super::catalogue::{Catalogue, Trigger};
use super::layout::{Layout, Unseen, layouts};
use super::statements::{self, Mark, Names, function, row_body};
use crate::source::postgres::capture::{Script, in_one_transaction, qualified};
use crate::source::postgres::connection::quote_identifier;
use crate::{Code, Error, Result};
use pgsync_plan::{Program, Table, TableKind};
use std::collections::BTreeSet;
use tokio_postgres::Client;

/// Statements that belong together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Statements(pub Vec<String>);

impl Statements {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a script.
    pub(crate) fn script(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let each: String = self.0.iter().map(|statement| format!("{statement};\n")).collect();
        format!("BEGIN;\n{each}COMMIT;\n")
    }

    /// Carries them out. `what` is done: `bootstrap`, `teardown`.
    ///
    /// # Errors
    /// Those of the session, with the statement that was refused.
    pub(crate) async fn apply(&self, client: &Client, what: &str) -> Result<()> {
        in_one_transaction(client, &self.0, what).await
    }
}

/// What is missing.
///
/// # Errors
/// [`Code::OutboxForeign`] where something else has the name.
pub(super) fn plan(found: &Catalogue, program: &Program, names: &Names) -> Result<Statements> {
    let mark = Mark::of(program);
    let text = serde_json::to_string(&mark).unwrap_or_default();
    let mut wanted = Vec::new();
    match &found.schema {
        None => wanted.extend(statements::outbox(names, &text)),
        Some(schema) => match (&schema.mark, &schema.outbox) {
            (None, _) => {
                return Err(Error::coded(
                    Code::OutboxForeign,
                    format!("a schema named `{}` exists and was not made by pgsync", names.schema),
                )
                .help("choose another name with PGSYNC_SLOT, or drop that schema"));
            }
            (Some(_), None) => {
                // Half of it was removed by hand.
                wanted.extend(teardown(found, names)?.0);
                wanted.extend(statements::outbox(names, &text));
            }
            (Some(known), Some(_)) if *known != mark => {
                wanted.push(comment(names, &text));
            }
            (Some(_), Some(_)) => {}
        },
    }
    let fresh = found.outbox().is_none();
    let mut needed: BTreeSet<(u32, &str)> = BTreeSet::new();
    for layout in &found.layouts {
        let table = program.plan.table(layout.table);
        let name = function(&table.schema, &table.name);
        if fresh || !found.functions.get(&name).is_some_and(|known| known.is(&row_body(names, layout))) {
            wanted.push(statements::row_function(names, &name, layout));
            wanted.push(statements::revoke(names, &name));
        }
        let known = |relation: u32, trigger: &str| {
            found.triggers.iter().find(|known| !fresh && known.relation == relation && known.name == trigger)
        };
        let leaves = &found.facts.tables[layout.table.0];
        let above = found.above.get(&layout.table).filter(|_| found.through_root(table.kind));
        let root = found.facts.roots[layout.table.0].filter(|_| above.is_some());
        // The table itself comes first: what is made there comes to all below.
        let mut inner: Vec<(u32, String)> = above.cloned().unwrap_or_default();
        inner.sort_by_key(|(oid, _)| Some(*oid) != root);
        let leaves = leaves.iter().map(|leaf| (leaf.oid, qualified(&leaf.schema, &leaf.name)));
        let leaves: Vec<(u32, String)> = leaves.collect();
        let with_rows: Vec<(u32, String)> = inner.into_iter().chain(leaves.iter().cloned()).collect();
        for (oid, of) in &with_rows {
            needed.insert((*oid, names.row.as_str()));
            let present = known(*oid, &names.row);
            let made_here = root.is_none_or(|root| root == *oid);
            if made_here && present.is_none_or(|present| present.function != name) {
                if present.is_some() {
                    wanted.push(drop_trigger(&names.row, of));
                }
                wanted.push(statements::row_trigger(names, of, &name));
            }
            if !present.is_some_and(|present| present.always && present.function == name) {
                wanted.push(statements::always(of, &names.row));
            }
        }
        for (oid, of) in &leaves {
            needed.insert((*oid, names.truncate.as_str()));
            let present = known(*oid, &names.truncate);
            if present.is_none() {
                wanted.push(statements::truncate_trigger(names, of));
            }
            if !present.is_some_and(|present| present.always) {
                wanted.push(statements::always(of, &names.truncate));
            }
        }
    }
    if !fresh {
        wanted.extend(surplus(found, program, &needed, names));
    }
    Ok(Statements(wanted))
}

/// Triggers and functions of tables that the schema no longer uses.
fn surplus(found: &Catalogue, program: &Program, needed: &BTreeSet<(u32, &str)>, names: &Names) -> Vec<String> {
    let unneeded = |trigger: &&Trigger| !trigger.inherited && !needed.contains(&(trigger.relation, &trigger.name));
    let triggers = found.triggers.iter().filter(unneeded).map(|trigger| drop_trigger(&trigger.name, &trigger.table));
    let used: BTreeSet<String> = program.plan.tables.iter().map(|table| function(&table.schema, &table.name)).collect();
    let functions = found.functions.keys().filter(|name| name.as_str() != statements::EMPTIED && !used.contains(*name));
    triggers.chain(functions.map(|name| drop_function(names, name))).collect()
}

fn comment(names: &Names, text: &str) -> String {
    let literal = crate::source::postgres::connection::quote_literal(text);
    format!("COMMENT ON SCHEMA {} IS {literal}", names.quoted())
}

fn drop_trigger(trigger: &str, table: &str) -> String {
    format!("DROP TRIGGER {} ON {table}", quote_identifier(trigger))
}

fn drop_function(names: &Names, function: &str) -> String {
    format!("DROP FUNCTION {}()", qualified(&names.schema, function))
}

/// What removes all of it. A schema that holds something of somebody else stays: the server says so.
///
/// # Errors
/// [`Code::OutboxForeign`] where the schema is not ours.
pub(super) fn teardown(found: &Catalogue, names: &Names) -> Result<Statements> {
    let Some(schema) = &found.schema else { return Ok(Statements::default()) };
    if schema.mark.is_none() {
        return Err(Error::coded(
            Code::OutboxForeign,
            format!("the schema named `{}` was not made by pgsync: it is left alone", names.schema),
        ));
    }
    let triggers = found.triggers.iter().filter(|trigger| !trigger.inherited);
    let triggers = triggers.map(|trigger| drop_trigger(&trigger.name, &trigger.table)).collect();
    Ok(Statements(undo(names, triggers, found.functions.keys(), schema.outbox.is_some())))
}

fn undo<'a>(
    names: &Names,
    mut statements: Vec<String>,
    functions: impl Iterator<Item = &'a String>,
    outbox: bool,
) -> Vec<String> {
    statements.extend(functions.map(|name| drop_function(names, name)));
    if outbox {
        statements.push(format!("DROP TABLE {}", names.outbox()));
    }
    statements.push(format!("DROP SCHEMA {}", names.quoted()));
    statements
}

/// What `bootstrap` and `teardown` execute where nothing is set up yet, for who wants to read it beforehand. No database is
/// asked: partitions are not known, and a table is supposed to have no column that is computed when it is read.
///
/// # Errors
/// Where the program follows no PostgreSQL.
pub fn script(program: &Program) -> Result<Script> {
    let names = Names::of(&program.capture.logical_replication()?.slot);
    let mark = serde_json::to_string(&Mark::of(program)).unwrap_or_default();
    let (mut made, mut triggers) = (statements::outbox(&names, &mark), Vec::new());
    let mut functions = BTreeSet::from([statements::EMPTIED.to_owned()]);
    for layout in layouts(program, &Unseen::new()) {
        let table = program.plan.table(layout.table);
        made.extend(of_table(&names, &layout, table));
        let of = qualified(&table.schema, &table.name);
        triggers.extend([drop_trigger(&names.row, &of), drop_trigger(&names.truncate, &of)]);
        functions.insert(function(&table.schema, &table.name));
    }
    let mut bootstrap = Statements(made).script();
    for table in program.plan.tables.iter().filter(|table| table.kind == TableKind::Partitioned) {
        bootstrap.push_str(&format!(
            "-- {} is partitioned: the trigger for TRUNCATE is made on each of its partitions instead\n",
            table.qualified()
        ));
    }
    let teardown = Statements(undo(&names, triggers, functions.iter(), true)).script();
    Ok(Script { bootstrap, teardown })
}

fn of_table(names: &Names, layout: &Layout, table: &Table) -> Vec<String> {
    let (name, of) = (function(&table.schema, &table.name), qualified(&table.schema, &table.name));
    vec![
        statements::row_function(names, &name, layout),
        statements::revoke(names, &name),
        statements::row_trigger(names, &of, &name),
        statements::always(&of, &names.row),
        statements::truncate_trigger(names, &of),
        statements::always(&of, &names.truncate),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_executed_can_be_read_beforehand() {
        let program = crate::source::memory::program();
        let Script { bootstrap, teardown } = script(program).unwrap();
        let tables = program.plan.tables.len();
        for (text, count) in
            [("CREATE TRIGGER", 2 * tables), ("ENABLE ALWAYS", 2 * tables), ("CREATE SCHEMA", 1), ("COMMIT", 1)]
        {
            assert_eq!(bootstrap.matches(text).count(), count, "{text}: {bootstrap}");
        }
        assert_eq!(teardown.matches("DROP TRIGGER").count(), 2 * tables, "{teardown}");
        assert_eq!(teardown.matches("DROP FUNCTION").count(), tables + 1, "{teardown}");
        assert!(teardown.contains("DROP TABLE") && teardown.contains("DROP SCHEMA"), "{teardown}");
        assert!(!teardown.contains("CASCADE"), "nothing of anybody else goes with it");
    }
}
