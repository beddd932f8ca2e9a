//! Reads what the documents of a table depend on, as far as the catalogue tells it. In: a session and a program. Out: one
//! [`TableFingerprint`] per table, with the facts they were taken from.
//!
//! Where a definition can be changed and changed back, the fingerprint holds the id of the transaction that wrote the
//! catalogue's row (`xmin`), which does not come back.

use super::state::{CaptureState, Relation, reading};
use crate::Result;
use crate::source::postgres::connection::value;
use crate::source::{ColumnFingerprint, Fingerprints, RelationFingerprint, RelationId, TableFingerprint};
use pgsync_plan::{Program, Table};
use std::collections::BTreeMap;
use tokio_postgres::Client;

impl From<(&Relation, pgsync_plan::Identity)> for RelationFingerprint {
    fn from((relation, identity): (&Relation, pgsync_plan::Identity)) -> Self {
        Self {
            name: format!("{}.{}", relation.schema, relation.name),
            filenode: relation.filenode,
            suffices: relation.suffices(identity),
            membership: relation.membership,
            joined: relation.joined.clone(),
        }
    }
}

/// Reads the fingerprints of all tables of a program, with the facts they were taken from.
///
/// # Errors
/// Those of the session.
pub(crate) async fn read(client: &Client, program: &Program) -> Result<(CaptureState, Fingerprints)> {
    let facts = CaptureState::read(client, program).await?;
    let publication = facts.publication.as_ref().map(|publication| publication.version.clone()).unwrap_or_default();
    let tables = of(client, program, &facts, &publication).await?;
    Ok((facts, tables))
}

/// The fingerprints of all tables of a program, from facts that were read just before. `publication` is what identifies the
/// whole that captures.
///
/// # Errors
/// Those of the session.
pub(crate) async fn of(
    client: &Client,
    program: &Program,
    facts: &CaptureState,
    publication: &str,
) -> Result<Fingerprints> {
    let mut columns = columns(client, program, facts.server_version).await?;
    let mut queries = queries(client, program).await?;
    let tables = program.plan.tables.iter().zip(&facts.tables).enumerate().map(|(position, (table, relations))| {
        let used = |name: &String| table.columns.iter().any(|column| column.name == *name);
        let mut columns = std::mem::take(&mut columns[position]);
        columns.retain(|name, _| used(name));
        let relations =
            relations.iter().map(|relation| (RelationId(relation.oid), (relation, table.identity).into())).collect();
        let query = queries.remove(&position).unwrap_or_default();
        (table.qualified(), TableFingerprint { publication: publication.to_owned(), query, columns, relations })
    });
    Ok(tables.collect())
}

/// What the views are made of, by position of the view in the plan.
async fn queries(client: &Client, program: &Program) -> Result<BTreeMap<usize, String>> {
    let views = program.plan.tables.iter().enumerate().filter(|(_, table)| table.kind.is_view());
    let (positions, views): (Vec<usize>, Vec<&Table>) = views.unzip();
    if views.is_empty() {
        return Ok(BTreeMap::new());
    }
    let schemas: Vec<&str> = views.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = views.iter().map(|table| table.name.as_str()).collect();
    let rows = client.query(QUERIES, &[&schemas, &names]).await.map_err(reading)?;
    rows.iter().map(|row| Ok((positions[value::<i32>(row, 0)? as usize], value(row, 1)?))).collect()
}

/// Every column of every table, by position of the table in the plan.
async fn columns(client: &Client, program: &Program, version: i32) -> Result<Vec<BTreeMap<String, ColumnFingerprint>>> {
    let tables = &program.plan.tables;
    let schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    // Before 10 nobody could ask.
    let sql = if version < 100_000 { COLUMNS.replace(COLLATION_VERSION, "NULL") } else { COLUMNS.to_owned() };
    let rows = client.query(&sql, &[&schemas, &names]).await.map_err(reading)?;
    let mut columns = vec![BTreeMap::new(); tables.len()];
    let mut of_type: BTreeMap<u32, Vec<(usize, String)>> = BTreeMap::new();
    for row in rows {
        let (table, name): (i32, String) = (value(&row, 0)?, value(&row, 1)?);
        let table = table as usize;
        if !tables[table].columns.iter().any(|column| column.name == name) {
            continue;
        }
        of_type.entry(value(&row, 2)?).or_default().push((table, name.clone()));
        columns[table].insert(name, ColumnFingerprint { definition: value(&row, 3)?, ..ColumnFingerprint::default() });
    }
    let types: Vec<u32> = of_type.keys().copied().collect();
    for row in client.query(PARTS, &[&types]).await.map_err(reading)? {
        let (top, label, text): (u32, bool, String) = (value(&row, 0)?, value(&row, 1)?, value(&row, 2)?);
        for (table, name) in of_type.get(&top).into_iter().flatten() {
            if let Some(column) = columns[*table].get_mut(name) {
                let set = if label { &mut column.labels } else { &mut column.parts };
                set.insert(text.clone());
            }
        }
    }
    Ok(columns)
}

const COLLATION_VERSION: &str = "pg_collation_actual_version(a.attcollation)";

/// A table's columns. What only newer servers have is read through JSON, so that one text serves all.
const COLUMNS: &str = "
    SELECT w.o::int - 1, a.attname::text, a.atttypid,
           format('number %s, type %s(%s), generated \"%s\", collation %s %s', a.attnum, a.atttypid, a.atttypmod,
                  to_jsonb(a) ->> 'attgenerated', a.attcollation,
                  CASE WHEN a.attcollation <> 0 THEN pg_collation_actual_version(a.attcollation) END)
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY w(s, n, o)
    JOIN pg_namespace n ON n.nspname = w.s
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.n
    JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped";

/// The queries of views and of the views that these read. Text is compared, so a view that is made anew the same is no
/// other one.
const QUERIES: &str = "
    WITH RECURSIVE view AS (
      SELECT w.o::int - 1 AS o, c.oid
      FROM unnest($1::text[], $2::text[]) WITH ORDINALITY w(s, n, o)
      JOIN pg_namespace n ON n.nspname = w.s JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.n
      WHERE c.relkind IN ('v', 'm')
      UNION
      SELECT v.o, c.oid
      FROM view v JOIN pg_rewrite r ON r.ev_class = v.oid
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('v', 'm')
    )
    SELECT v.o, string_agg(pg_get_viewdef(v.oid), ' ' ORDER BY v.oid::regclass::text COLLATE \"C\")
    FROM view v GROUP BY v.o";

/// What types are made of: domains of their base, arrays of their elements, composite types of attributes, ranges of
/// their subtype, enums of labels. A label has the transaction that wrote it beside it: renamed and renamed back, it is
/// another one.
const PARTS: &str = "
    WITH RECURSIVE part AS (
      SELECT t AS top, t AS oid FROM unnest($1::oid[]) t
      UNION
      SELECT p.top, x.oid FROM part p JOIN pg_type t ON t.oid = p.oid CROSS JOIN LATERAL (
        SELECT t.typbasetype AS oid WHERE t.typtype = 'd'
        UNION ALL SELECT t.typelem WHERE t.typcategory = 'A'
        UNION ALL SELECT a.atttypid FROM pg_attribute a
                  WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
      ) x
    )
    SELECT p.top, false, format('type %s', p.oid) FROM part p WHERE p.oid <> p.top
    UNION ALL
    SELECT p.top, false, format('attribute %s.%s %I %s', p.oid, a.attnum, a.attname, a.atttypid)
    FROM part p JOIN pg_type t ON t.oid = p.oid AND t.typtype = 'c'
    JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT p.top, true, format('%s %s %s', e.oid, e.xmin, e.enumlabel) FROM part p JOIN pg_enum e ON e.enumtypid = p.oid";
