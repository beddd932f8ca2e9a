//! What stands in the database for capture by triggers. In: a session and a program. Out: the outbox, the functions, the
//! triggers, and for each table of the program the relations that hold its rows. Nothing is judged here.

use super::layout::{Layout, Unseen, layouts};
use super::statements::{Mark, Names, OUTBOX, function, row_body};
use crate::Result;
use crate::source::postgres::capture::{CaptureState, ReplicaIdentity, catalogue_failure};
use crate::source::postgres::connection::value;
use pgsync_plan::{Program, TableId, TableKind};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use tokio_postgres::Client;

/// Partitioned tables take row triggers from this version on.
const PARTITIONED_TRIGGERS: i32 = 110_000;

/// What is there.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// The tables as every kind of capture sees them. `membership` of a relation stands for its triggers.
    pub(super) facts: CaptureState,
    /// The schema of this name.
    pub(super) schema: Option<Schema>,
    /// What is captured of each table.
    pub(super) layouts: Vec<Layout>,
    /// Functions of the schema, by name.
    pub(super) functions: BTreeMap<String, Function>,
    /// Triggers that call one of them.
    pub(super) triggers: Vec<Trigger>,
    /// Other set-ups of ours, by name.
    pub(super) others: BTreeMap<String, Mark>,
    /// Partitioned tables and those between them and their leaves, by table of the program: quoted names.
    pub(super) above: BTreeMap<TableId, Vec<(u32, String)>>,
}

/// A schema that has the name of the set-up.
#[derive(Debug)]
pub(super) struct Schema {
    /// What its comment says, where it is ours.
    pub mark: Option<Mark>,
    /// Its outbox.
    pub outbox: Option<Outbox>,
}

/// The outbox as the catalogue has it.
#[derive(Debug)]
pub(super) struct Outbox {
    pub oid: u32,
    /// Whether the role of this session may read and delete its rows.
    pub usable: bool,
}

/// A function of ours.
#[derive(Debug)]
pub(super) struct Function {
    /// Its text.
    pub body: String,
    /// The transaction that wrote it.
    pub written: String,
    /// Whether it runs as its owner.
    pub definer: bool,
}

/// A trigger that calls a function of ours.
#[derive(Debug)]
pub(super) struct Trigger {
    pub relation: u32,
    /// Quoted.
    pub table: String,
    pub name: String,
    pub function: String,
    /// Whether it acts in every session.
    pub always: bool,
    /// Whether it is there because one of a table above is.
    pub inherited: bool,
    /// The transaction that wrote it.
    pub written: String,
}

impl Catalogue {
    /// Reads it.
    ///
    /// # Errors
    /// Those of the session.
    pub(super) async fn read(client: &Client, program: &Program, names: &Names) -> Result<Self> {
        let facts = CaptureState::of_tables(client, program).await?;
        let unseen = unseen(client, &facts.roots).await?;
        let above = above(client, program, &facts.roots).await?;
        let mut found = Self {
            layouts: layouts(program, &unseen),
            schema: schema(client, names).await?,
            functions: functions(client, names).await?,
            triggers: triggers(client, names).await?,
            others: others(client, names).await?,
            above,
            facts,
        };
        found.members(program, names);
        Ok(found)
    }

    /// The oid of the outbox.
    pub(super) fn outbox(&self) -> Option<u32> {
        Some(self.schema.as_ref()?.outbox.as_ref()?.oid)
    }

    /// What identifies the outbox for the fingerprints: another one after it was made anew.
    pub(super) fn version(&self) -> String {
        self.outbox().map(|oid| format!("outbox {oid}")).unwrap_or_default()
    }

    /// Whether a row trigger is made on the partitioned table itself, and comes to each partition by that.
    pub(super) fn through_root(&self, kind: TableKind) -> bool {
        kind == TableKind::Partitioned && self.facts.server_version >= PARTITIONED_TRIGGERS
    }

    /// A relation is captured where its row trigger is there, acts in every session, and calls the function as it has to be.
    /// The number changes with each of them. A TRUNCATE that no trigger has noted is seen by the table's file.
    fn members(&mut self, program: &Program, names: &Names) {
        for layout in &self.layouts {
            let table = program.plan.table(layout.table);
            let name = function(&table.schema, &table.name);
            let right = self.functions.get(&name).filter(|found| found.is(&row_body(names, layout)));
            for relation in &mut self.facts.tables[layout.table.0] {
                let row = self.triggers.iter().find(|trigger| {
                    trigger.relation == relation.oid
                        && trigger.name == names.row
                        && trigger.always
                        && trigger.function == name
                });
                relation.membership = right.zip(row).map(|(right, row)| number(&[&right.written, &row.written]));
                // Triggers see the old row whatever the identity is.
                relation.identity = ReplicaIdentity::Full;
            }
        }
    }
}

impl Function {
    /// Whether it is what it has to be. Who ran a script that was printed with an indent has other blanks in it.
    pub(super) fn is(&self, body: &str) -> bool {
        self.definer && self.body.split_whitespace().eq(body.split_whitespace())
    }
}

/// One number for several texts.
fn number(texts: &[&str]) -> u32 {
    let digest = Sha256::digest(texts.join(" "));
    digest.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

async fn schema(client: &Client, names: &Names) -> Result<Option<Schema>> {
    let sql = "SELECT obj_description(n.oid, 'pg_namespace'), c.oid,
                 coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
                   AND has_table_privilege(c.oid, 'DELETE'), false)
               FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2::text AND c.relkind = 'r'
               WHERE n.nspname = $1::text";
    let row = client.query_opt(sql, &[&names.schema, &OUTBOX]).await.map_err(catalogue_failure)?;
    row.map(|row| {
        let oid: Option<u32> = value(&row, 1)?;
        let usable = value(&row, 2)?;
        Ok(Schema {
            mark: Mark::parse(value::<Option<String>>(&row, 0)?.as_deref()),
            outbox: oid.map(|oid| Outbox { oid, usable }),
        })
    })
    .transpose()
}

/// Schemas of ours that have another name.
async fn others(client: &Client, names: &Names) -> Result<BTreeMap<String, Mark>> {
    let sql = "SELECT n.nspname::text, d.description FROM pg_namespace n
               JOIN pg_description d ON d.objoid = n.oid AND d.classoid = 'pg_namespace'::regclass AND d.objsubid = 0
               WHERE n.nspname <> $1::text";
    let mut others = BTreeMap::new();
    for row in client.query(sql, &[&names.schema]).await.map_err(catalogue_failure)? {
        if let Some(mark) = Mark::parse(value::<Option<&str>>(&row, 1)?) {
            others.insert(value(&row, 0)?, mark);
        }
    }
    Ok(others)
}

async fn functions(client: &Client, names: &Names) -> Result<BTreeMap<String, Function>> {
    let sql = "SELECT p.proname::text, p.prosrc, format('%s %s', p.oid, p.xmin), p.prosecdef
               FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1::text";
    let rows = client.query(sql, &[&names.schema]).await.map_err(catalogue_failure)?;
    let functions = rows.iter().map(|row| {
        Ok((value(row, 0)?, Function { body: value(row, 1)?, written: value(row, 2)?, definer: value(row, 3)? }))
    });
    functions.collect()
}

async fn triggers(client: &Client, names: &Names) -> Result<Vec<Trigger>> {
    let sql =
        "SELECT t.tgrelid, format('%I.%I', s.nspname, c.relname), t.tgname::text, p.proname::text, t.tgenabled = 'A',
                 EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid
                         AND d.refclassid = 'pg_trigger'::regclass),
                 format('%s %s', t.oid, t.xmin)
               FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
               JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace
               WHERE n.nspname = $1::text ORDER BY 2, 3";
    let rows = client.query(sql, &[&names.schema]).await.map_err(catalogue_failure)?;
    let triggers = rows.iter().map(|row| {
        Ok(Trigger {
            relation: value(row, 0)?,
            table: value(row, 1)?,
            name: value(row, 2)?,
            function: value(row, 3)?,
            always: value(row, 4)?,
            inherited: value(row, 5)?,
            written: value(row, 6)?,
        })
    });
    triggers.collect()
}

/// Columns that are computed when they are read.
async fn unseen(client: &Client, roots: &[Option<u32>]) -> Result<Unseen> {
    let sql = "SELECT w.o::int - 1, a.attname::text FROM unnest($1::oid[]) WITH ORDINALITY w(t, o)
               JOIN pg_attribute a ON a.attrelid = w.t AND a.attnum > 0 AND NOT a.attisdropped
               WHERE to_jsonb(a) ->> 'attgenerated' = 'v'";
    let roots: Vec<u32> = roots.iter().map(|root| root.unwrap_or_default()).collect();
    let rows = client.query(sql, &[&roots]).await.map_err(catalogue_failure)?;
    rows.iter().map(|row| Ok((TableId(value::<i32>(row, 0)? as usize), value(row, 1)?))).collect()
}

/// The partitioned tables from each table down, but for the leaves.
async fn above(
    client: &Client,
    program: &Program,
    roots: &[Option<u32>],
) -> Result<BTreeMap<TableId, Vec<(u32, String)>>> {
    let sql = "WITH RECURSIVE tree AS (
                 SELECT w.o::int - 1 AS o, w.t AS oid FROM unnest($1::oid[]) WITH ORDINALITY w(t, o)
                 UNION ALL SELECT t.o, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
               )
               SELECT t.o, c.oid, format('%I.%I', n.nspname, c.relname)
               FROM tree t JOIN pg_class c ON c.oid = t.oid JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind = 'p' ORDER BY 1, 3";
    let mut above: BTreeMap<TableId, Vec<(u32, String)>> = BTreeMap::new();
    if !program.plan.tables.iter().any(|table| table.kind == TableKind::Partitioned) {
        return Ok(above);
    }
    let roots: Vec<u32> = roots.iter().map(|root| root.unwrap_or_default()).collect();
    for row in client.query(sql, &[&roots]).await.map_err(catalogue_failure)? {
        above.entry(TableId(value::<i32>(&row, 0)? as usize)).or_default().push((value(&row, 1)?, value(&row, 2)?));
    }
    Ok(above)
}
