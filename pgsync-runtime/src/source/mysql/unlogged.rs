//! Changes that a foreign key makes and the log does not say, where the documents that show them would not be read again by
//! themselves. In: such a key, and the definitions of the tables on its way. Out: which changes of which other tables cause
//! them, and which documents are concerned: those that a search in the index finds by the values of the row that has gone, or,
//! where there is no such search, all of them.
//!
//! A row that goes by a foreign key may take others with it, also where no document shows it. So what causes a change of the
//! table that a key refers to is a cause too. Which rows it reaches by that way, nobody can tell.

use super::address::Address;
use super::binlog::{Cause, Search, Wanted};
use super::cascades::acting;
use super::connection::{ask, identifier};
use crate::{ErrorKind, Result};
use mysql_async::Conn;
use pgsync_plan::{ActingKey, Following, KeyAction, Plan, TableId};
use std::collections::{BTreeMap, BTreeSet};

/// Changes that the log does not say, by what causes them.
#[derive(Debug, Clone, Default)]
pub(super) struct Unlogged {
    /// By database and table.
    causes: BTreeMap<(String, String), Cause>,
    /// Keys by which many documents are read when a row goes, as people name them, with the table whose rows go.
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
        plan: &Plan,
        (table, key): (TableId, &ActingKey),
    ) -> Result<()> {
        let of = plan.table(table);
        let named = format!("foreign key {} of {}", key.name, of.qualified());
        let follow = |document: &pgsync_plan::Document| document.follows(&plan.tables, key, table);
        let followed: Vec<Following> = plan.documents.iter().map(follow).collect();
        if followed.iter().all(|followed| *followed == Following::Nothing) {
            return Ok(());
        }
        let documents = |which: fn(&Following) -> bool| -> BTreeSet<usize> {
            followed.iter().enumerate().filter(|(_, followed)| which(followed)).map(|(at, _)| at).collect()
        };
        // What comes by a detour has no values to search for, unless the row on it is shown too.
        let everything = documents(|followed| *followed == Following::Everything);
        let concerned = documents(|followed| *followed != Following::Nothing);
        let mut open = vec![Way {
            key: key.clone(),
            on_delete: key.on_delete.is_some(),
            on_update: key.on_update.is_some(),
            read: everything,
        }];
        let mut seen = Vec::new();
        let mut is_direct = true;
        while let Some(way) = open.pop() {
            if way.key.columns.is_empty() {
                self.unknown.push(format!("{named}: its definition is not understood"));
                return Ok(());
            }
            let place = (way.key.onto_schema.clone(), way.key.onto.clone());
            let cause = self.causes.entry(place.clone()).or_default();
            cause.columns.extend(way.key.onto_columns.iter().cloned());
            let read = &way.read;
            if way.on_update {
                cause.on_update.extend(read);
            }
            if way.on_delete {
                cause.on_delete.extend(read);
                if !read.is_empty() {
                    self.costly.push(format!("{named}, by rows of {}.{}", place.0, place.1));
                }
            }
            for (document, followed) in followed.iter().enumerate().filter(|_| is_direct) {
                let Following::Search(route) = *followed else { continue };
                let (on_delete, on_update) = (way.on_delete, way.on_update);
                let columns = key.onto_columns.clone();
                cause.searches.push(Search { document, route, columns, on_delete, on_update });
            }
            let direct = std::mem::take(&mut is_direct);
            let reaches = |above: &ActingKey| -> BTreeSet<usize> {
                if !direct {
                    return way.read.clone();
                }
                let covers = |document: &usize| plan.documents[*document].covers(&plan.tables, (key, table), above);
                concerned.iter().copied().filter(|document| !covers(document)).collect()
            };
            if seen.contains(&(place.clone(), way.key.onto_columns.clone(), way.read.clone())) {
                continue;
            }
            match acting_keys(connection, address, (&place.0, &place.1)).await {
                Ok(keys) => open.extend(keys.into_iter().filter_map(|above| {
                    let read = reaches(&above);
                    Way::over(above, &way.key, read)
                })),
                Err(error) if error.kind() == ErrorKind::Unavailable => return Err(error),
                Err(error) => self.unknown.push(format!("{named}: {error}")),
            }
            seen.push((place, way.key.onto_columns, way.read));
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

/// A key on the way from a cause, and which changes of the row that it refers to go on along it.
struct Way {
    key: ActingKey,
    on_delete: bool,
    on_update: bool,
    /// Documents that are read again as a whole for it.
    read: BTreeSet<usize>,
}

impl Way {
    /// The way by a key of the table that another one refers to: where it takes rows of that with it, or changes what the other
    /// refers to.
    fn over(key: ActingKey, next: &ActingKey, read: BTreeSet<usize>) -> Option<Self> {
        let moves = key.columns.iter().any(|own| next.onto_columns.iter().any(|onto| own.eq_ignore_ascii_case(onto)));
        let (deletes, unknown) = (key.on_delete == Some(KeyAction::Cascade), key.columns.is_empty());
        let on_delete = key.on_delete.is_some() && (deletes || moves || unknown);
        let on_update = key.on_update.is_some() && (moves || unknown);
        ((on_delete || on_update) && (unknown || !read.is_empty())).then_some(Self { key, on_delete, on_update, read })
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
    Ok(definition.first().map(|(_, text)| acting(text, schema)).unwrap_or_default())
}
