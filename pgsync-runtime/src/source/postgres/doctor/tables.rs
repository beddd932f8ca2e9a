//! The tables of a program. In: a session. Out: row security that hides rows, look-ups without an index, keys that are too wide.

use super::reading;
use crate::Result;
use crate::doctor::Finding;
use crate::source::postgres::connection::value;
use pgsync_plan::{Dialect, Program, Table};
use std::collections::HashMap;
use tokio_postgres::Client;

/// Engines take no longer `_id`, and a key is part of one.
const WIDEST_ID: i32 = 512;
/// A key of this many bytes and more is stored beside its row before long, and costs a look there each time.
const WIDE: i32 = 128;

/// Looks at them.
pub(super) async fn examine(client: &Client, program: &Program) -> Result<Vec<Finding>> {
    let tables: Vec<&Table> = program.plan.tables.iter().collect();
    let schemas: Vec<&str> = tables.iter().map(|table| table.schema.as_str()).collect();
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let mut findings = row_security(client, &schemas, &names).await?;
    let rows = client
        .query(
            "SELECT w.s, w.n, ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(a, o)
                                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.a
                                    WHERE k.o <= x.indnkeyatts ORDER BY k.o)
             FROM unnest($1::text[], $2::text[]) w(s, n)
             JOIN pg_namespace s ON s.nspname = w.s JOIN pg_class c ON c.relnamespace = s.oid AND c.relname = w.n
             JOIN pg_index x ON x.indrelid = c.oid AND x.indisvalid AND x.indpred IS NULL
             WHERE 0 <> ALL (x.indkey::int2[])",
            &[&schemas, &names],
        )
        .await
        .map_err(reading)?;
    let mut indexes: HashMap<(String, String), Vec<Vec<String>>> = HashMap::new();
    for row in &rows {
        indexes.entry((value(row, 0)?, value(row, 1)?)).or_default().push(value(row, 2)?);
    }
    let of = |table: &Table| indexes.get(&(table.schema.clone(), table.name.clone())).cloned().unwrap_or_default();
    for statement in program.plan.missing_indexes(Dialect::Postgres, of) {
        let found = "rows are looked up by columns that no index begins with: the table is read as a whole each time";
        findings.push(Finding::risk("index", found, "an index").mend(statement));
    }
    findings.extend(wide_keys(client, &tables).await?);
    Ok(findings)
}

/// A reader whom a policy hides rows from would take them for deleted; reading ends with an error instead.
async fn row_security(client: &Client, schemas: &[&str], names: &[&str]) -> Result<Vec<Finding>> {
    let rows = client
        .query(
            "SELECT format('%I.%I', w.s, w.n), quote_ident(current_user)
             FROM unnest($1::text[], $2::text[]) w(s, n)
             JOIN pg_namespace s ON s.nspname = w.s JOIN pg_class c ON c.relnamespace = s.oid AND c.relname = w.n
             WHERE row_security_active(c.oid) ORDER BY 1",
            &[&schemas, &names],
        )
        .await
        .map_err(reading)?;
    rows.iter()
        .map(|row| {
            let (table, role): (String, String) = (value(row, 0)?, value(row, 1)?);
            let found = format!(
                "row security of {table} applies to role {role}: rows that it hides cannot be told from deleted ones"
            );
            let finding = Finding::in_the_way("row_security", found, "a role that sees every row");
            Ok(finding.mend(format!("ALTER ROLE {role} BYPASSRLS;")))
        })
        .collect()
}

async fn wide_keys(client: &Client, tables: &[&Table]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for table in tables.iter().filter(|table| !table.key.is_empty() && !table.kind.is_view()) {
        let key: Vec<&str> = table.key.iter().map(|id| table.column(*id).name.as_str()).collect();
        let row = client
            .query_one(
                "SELECT coalesce(sum(avg_width), 0)::int FROM pg_stats
                 WHERE schemaname = $1::text AND tablename = $2::text AND attname::text = ANY ($3::text[])",
                &[&table.schema, &table.name, &key],
            )
            .await
            .map_err(reading)?;
        let width: i32 = value(&row, 0)?;
        if width < WIDE {
            continue;
        }
        let found = format!("the key of {} ({}) has {width} bytes on average", table.qualified(), key.join(", "));
        let needed = if width > WIDEST_ID {
            format!(
                "a shorter key: an engine takes no `_id` of more than {WIDEST_ID} bytes, such documents are refused"
            )
        } else {
            "a short key: a wide one is stored outside of its row, and read and compared at each look-up".to_owned()
        };
        findings.push(Finding::risk("wide_key", found, needed));
    }
    Ok(findings)
}
