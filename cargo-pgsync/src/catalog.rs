//! `cargo pgsync catalog`: the snapshots beside a schema. In: live databases. Out: a snapshot of each, written in one step; with
//! `--check` nothing but whether what the schema uses is still as the snapshot says, and what is not.

use crate::address;
use crate::compile::{self, Format};
use crate::format::replace;
use crate::live;
use pgsync_codegen::catalog::{Catalog, differences, used};
use pgsync_codegen::{Source, ast, resolve};
use pgsync_runtime::internals::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use std::path::Path;

/// Most differences that are named.
const SHOWN: usize = 20;

/// Writes the snapshots, one for each database, or compares them.
pub(crate) fn catalog(path: &Path, format: Format, check: bool) -> Result<()> {
    let source = compile::read(path)?;
    let each = compile::databases(&source, path, format)?;
    let snapshots = address::snapshots(path, &each);
    let mut all_stale = Vec::new();
    for (database, snapshot) in each.iter().zip(&snapshots) {
        let live = compile::block_on(live::catalog(&database.schema, &compile::at_once()))?;
        if !check {
            replace(snapshot, live.to_json())?;
            tracing::info!(tables = live.tables.len(), "wrote {}", snapshot.display());
            continue;
        }
        let known = std::fs::read_to_string(snapshot).map_err(|error| error.to_string());
        let stale = match known.and_then(|text| Catalog::from_json(&text)) {
            Ok(known) => {
                compare(&source, &database.schema, &known, &live).map_err(|found| format.fail(&found, path))?
            }
            Err(error) => vec![error],
        };
        if stale.is_empty() {
            tracing::info!("{} is up to date", snapshot.display());
        } else {
            all_stale.push(format!("{} is stale: {}", snapshot.display(), shown(&stale)));
        }
    }
    if all_stale.is_empty() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Usage, all_stale.join("; ")).help("take a new one: cargo pgsync catalog"))
}

/// The first differences.
fn shown(stale: &[String]) -> String {
    let mut said = stale.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("; ");
    if stale.len() > SHOWN {
        said += &format!("; and {} more", stale.len() - SHOWN);
    }
    said
}

/// What differs of the tables that the schema uses, by the one catalogue or the other. The findings where nothing does and
/// the schema fits the database nevertheless not.
fn compare(
    source: &Source,
    schema: &ast::Schema,
    known: &Catalog,
    live: &Catalog,
) -> std::result::Result<Vec<String>, pgsync_codegen::Diagnostics> {
    let (then, now) = (resolve(source, schema, known), resolve(source, schema, live));
    let mut tables = BTreeSet::new();
    for (bound, catalog) in [(&then, known), (&now, live)] {
        if let Ok((bound, _)) = bound {
            tables.extend(used(bound, catalog));
        }
    }
    let found = differences(known, live, &tables);
    if !found.is_empty() {
        return Ok(found);
    }
    now?;
    Ok(if then.is_err() { vec!["the schema compiles with the database, and not with it".to_owned()] } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pgsync_codegen::parse;
    use serde_json::{Value, json};

    /// The example's catalogue after a change.
    fn library(change: impl FnOnce(&mut Vec<Value>)) -> Catalog {
        let text = include_str!("../../examples/library/schema.catalog.json");
        let mut value: Value = serde_json::from_str(text).unwrap();
        change(value["tables"].as_array_mut().unwrap());
        Catalog::from_json(&value.to_string()).unwrap()
    }

    fn copy(tables: &mut Vec<Value>, of: &str, name: &str) {
        let mut table = tables.iter().find(|table| table["name"] == of).unwrap().clone();
        table["name"] = json!(name);
        tables.push(table);
    }

    #[test]
    fn a_table_that_the_schema_does_not_use_makes_no_snapshot_stale() {
        let source = Source::new("schema.json", r#"{"table": "book", "children": [{"table": "author"}]}"#);
        let schema = parse(&source).unwrap();
        let said = |live: &Catalog| compare(&source, &schema, &library(|_| ()), live);
        assert_eq!(said(&library(|tables| copy(tables, "reader", "visitor"))).unwrap(), [""; 0]);
        assert_eq!(said(&library(|tables| tables.retain(|table| table["name"] != "review"))).unwrap(), [""; 0]);
        let changed = library(|tables| {
            tables.iter_mut().find(|table| table["name"] == "author").unwrap()["comment"] = json!("a person");
        });
        assert_eq!(said(&changed).unwrap(), ["comment of table public.author changed"]);
        // A second join table leaves the schema a choice that it did not have.
        let ambiguous = said(&library(|tables| copy(tables, "book_author", "book_editor"))).unwrap_err();
        assert!(ambiguous.to_string().contains("book_editor"), "{ambiguous}");
        // Another join table than before.
        let moved = library(|tables| {
            tables.iter_mut().find(|table| table["name"] == "book_author").unwrap()["name"] = json!("wrote");
        });
        assert_eq!(said(&moved).unwrap(), ["table public.book_author is gone", "table public.wrote is new"]);
    }
}
