//! Changes that a foreign key makes and the log does not say, where the documents that show them would not be read again by
//! themselves. In: such a key, and the definitions of the tables on its way. Out: which changes of which other tables cause
//! them. After such a change every document of the table with the key is read again: which rows it has lost, nobody can tell.
//!
//! A row that goes by a foreign key may take others with it, also where no document shows it. So what causes a change of the
//! table that a key refers to is a cause too.

use super::address::Address;
use super::binlog::{Cause, Wanted};
use super::cascades::ActingKey;
use super::connection::{ask, identifier};
use super::tables::relation;
use crate::{ErrorKind, Result};
use mysql_async::Conn;
use pgsync_plan::Table;
use std::collections::BTreeMap;

/// Changes that the log does not say, by what causes them.
#[derive(Debug, Clone, Default)]
pub(super) struct Unlogged {
    /// By database and table.
    causes: BTreeMap<(String, String), Cause>,
    /// Keys that act when a row goes, as people name them: each time, many documents are read.
    pub(super) costly: Vec<String>,
    /// Keys that nobody can follow, as people name them, each with the reason.
    pub(super) unknown: Vec<String>,
}

impl Unlogged {
    /// Takes in a key of a table, and those that may set it off.
    ///
    /// # Errors
    /// Where the server does not answer.
    pub(super) async fn add(
        &mut self,
        connection: &mut Conn,
        address: &Address,
        table: &Table,
        key: &ActingKey,
    ) -> Result<()> {
        let relation = relation(table);
        let named = format!("foreign key {} of {}", key.name, table.qualified());
        if key.on_delete {
            self.costly.push(named.clone());
        }
        let mut open = vec![(key.clone(), table.schema.clone())];
        let mut seen = Vec::new();
        while let Some((key, schema)) = open.pop() {
            let Some((of, name)) = key.refers_to(&schema) else {
                self.unknown.push(format!("{named}: its definition is not understood"));
                return Ok(());
            };
            let place = (of.to_owned(), name.to_owned());
            let cause = self.causes.entry(place.clone()).or_default();
            cause.columns.extend(key.referenced().map(str::to_owned));
            cause.on_update.insert(relation);
            if key.on_delete {
                cause.on_delete.insert(relation);
            }
            if seen.contains(&place) {
                continue;
            }
            match acting_keys(connection, address, (of, name)).await {
                Ok(keys) => open.extend(keys.into_iter().map(|key| (key, place.0.clone()))),
                Err(error) if error.kind() == ErrorKind::Unavailable => return Err(error),
                Err(error) => self.unknown.push(format!("{named}: {error}")),
            }
            seen.push(place);
        }
        Ok(())
    }

    /// Has the stream tell of the causes, too.
    pub(super) fn added_to(self, wanted: Wanted) -> Wanted {
        self.causes
            .into_iter()
            .fold(wanted, |wanted, ((database, table), cause)| wanted.causing(&database, &table, cause))
    }
}

/// The keys of a table that act, by database and name.
pub(super) async fn acting_keys(
    connection: &mut Conn,
    address: &Address,
    (schema, table): (&str, &str),
) -> Result<Vec<ActingKey>> {
    // A user who may only SELECT sees the definition, and not every row of the catalogue's tables of keys.
    let statement = format!("SHOW CREATE TABLE {}.{}", identifier(schema), identifier(table));
    let what = format!("reading the definition of {schema}.{table}");
    let definition: Vec<(String, String)> = ask(connection, address, &what, &statement).await?;
    Ok(definition.first().map(|(_, text)| ActingKey::of(text)).unwrap_or_default())
}
