//! The session that watches. In: settings and a name. Out: the right to work under that name, held as long as the session, and
//! answers about the tables and the log. Nothing is set up on these servers, and nothing is changed.

use super::MySql;
use super::binlog::{Flavour, GtidSet};
use super::connection::{ask, connect, find, literal};
use super::identity::Identity;
use super::message::position_of;
use super::server::{self, Server};
use super::tables::{self, Tables};
use super::unlogged::Unlogged;
use super::visibility::Visibility;
use crate::position::{Mark, Position};
use crate::sink::{MaxVersion, Owner};
use crate::source::{Continuations, Fingerprints, Origin, RelationId, Waiting};
use crate::state::State;
use crate::{Code, Error, ErrorKind, Result};
use mysql_async::Conn;
use pgsync_plan::TableId;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The right to work under a name.
pub(crate) struct Lease {
    connection: Arc<Mutex<Conn>>,
    source: MySql,
}

/// The server and the program's tables at one moment.
#[derive(Debug)]
pub(crate) struct Catalogue {
    server: Server,
    tables: Tables,
}

/// The longest name of a lock.
const LONGEST_LOCK: usize = 64;

fn first() -> Vec<String> {
    vec!["SET SESSION sql_mode = '', wait_timeout = 31536000".to_owned(), "SET NAMES utf8mb4".to_owned()]
}

/// Locks are the server's, as names of set-ups are: the database is in the name.
fn lock(name: &str) -> String {
    if name.len() <= LONGEST_LOCK {
        return name.to_owned();
    }
    Sha256::digest(name).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Lease {
    pub(super) async fn open(source: MySql) -> Result<Self> {
        let connection = find(&source.address, first()).await?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), source })
    }

    /// Changes that the log does not say, as the tables are now.
    pub(super) async fn unlogged(&self) -> Result<Unlogged> {
        Ok(crate::source::Lease::catalogue(self).await?.tables.unlogged)
    }

    async fn executed(&self) -> Result<GtidSet> {
        server::executed(&mut *self.connection.lock().await, &self.source.address, self.source.flavour).await
    }
}

impl crate::source::Lease for Lease {
    type Catalogue = Catalogue;

    async fn take(&self) -> Result<()> {
        let name = self.source.program.capture.name();
        let question = format!("SELECT GET_LOCK({}, 0)", literal(&lock(name)));
        let what = "taking the lock on the name of the set-up";
        let taken: Vec<(Option<i64>,)> =
            ask(&mut *self.connection.lock().await, &self.source.address, what, &question).await?;
        if taken.first() == Some(&(Some(1),)) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unavailable, format!("another process works under the name `{name}`"))
            .help("stop it, or give this one a name of its own with PGSYNC_SLOT"))
    }

    async fn origin(&self) -> Result<Origin> {
        let (source, mut connection) = (&self.source, self.connection.lock().await);
        let server = Server::ask(&mut connection, &source.address).await?;
        let identity = Identity::ask(&mut connection, &source.address, source.flavour).await?;
        let owner = Owner {
            system_identifier: identity.server,
            lineage: identity.lineage,
            database: source.settings.database.clone(),
            slot: source.program.capture.name().to_owned(),
            host: source.address.shown(),
        };
        let named = match source.flavour {
            Flavour::MySql => format!("MySQL {}", server.version),
            Flavour::MariaDb => server.version.clone(),
        };
        let end = position_of(&server.executed);
        // A database has no number here. A history may have branched wherever another server goes on with it.
        let timeline = crc32fast::hash(owner.system_identifier.as_bytes());
        Ok(Origin { server: format!("{named} at {}", owner.host), owner, oid: 0, timeline, end })
    }

    async fn catalogue(&self) -> Result<Catalogue> {
        let (source, mut connection) = (&self.source, self.connection.lock().await);
        let server = Server::ask(&mut connection, &source.address).await?;
        let tables = Tables::read(&mut connection, &source.address, &source.program, &server).await?;
        Ok(Catalogue { server, tables })
    }

    async fn check(&self, found: &Catalogue, _: bool) -> Result<()> {
        if found.server.flavour != self.source.flavour {
            return Err(Error::coded(
                Code::OtherCapture,
                format!(
                    "{} is of version {}, and the schema was compiled for {}",
                    self.source.address.shown(),
                    found.server.version,
                    self.source.program.dialect.name()
                ),
            ));
        }
        found.server.runs(&self.source.program, &self.source.address)?;
        found.server.suits(&self.source.address)?;
        found.tables.check(&self.source.program, &found.server)?;
        if !found.tables.unlogged.costly.is_empty() {
            tracing::warn!(
                keys = %found.tables.unlogged.costly.join(", "),
                "what these keys do on delete is not logged, and no search finds the documents: after each delete of such a row, all documents with rows of the table are read again"
            );
        }
        Ok(())
    }

    async fn set_up(&self, found: Catalogue) -> Result<Catalogue> {
        Ok(found)
    }

    async fn set_up_partitions(&self, _: &Catalogue) {}

    fn relations(&self, _: &Catalogue) -> HashMap<RelationId, TableId> {
        tables::relations(&self.source.program)
    }

    fn replaced(&self, _: &Catalogue, _: Option<&State>) -> serde_json::Value {
        serde_json::Value::Null
    }

    fn discontinuity(&self, found: &Catalogue, state: &State, live: &Origin) -> Option<String> {
        // Nothing is written yet.
        if state.position == Position::START && state.indexes.is_empty() {
            return None;
        }
        // The state is saved after documents are written. So the index may hold transactions that the state does not know of, and
        // that this server never had.
        if state.timeline != live.timeline && !state.indexes.is_empty() {
            return Some(format!("{} took the place of the server that was followed", live.server));
        }
        match self.source.written(state) {
            None => Some("the state does not say which transactions were read".to_owned()),
            Some(written) => found.server.lost(&written),
        }
    }

    fn resume(&self, state: &State) {
        self.source.ledger.begin(self.source.written(state).map(|set| (state.position, set)));
    }

    fn continuations(&self) -> Continuations {
        let ledger = self.source.ledger.clone();
        Continuations::new(move |position| ledger.at(position).map(|set| set.to_string()))
    }

    async fn fingerprints(&self) -> Result<(Catalogue, Fingerprints)> {
        let found = self.catalogue().await?;
        let fingerprints = found.tables.fingerprints(&self.source.program);
        Ok((found, fingerprints))
    }

    async fn skip(&self) -> Result<Position> {
        let executed = self.executed().await?;
        let end = position_of(&executed);
        self.source.ledger.begin(Some((end, executed)));
        Ok(end)
    }

    // The stream begins after what is written, and what is written may be ahead of what sessions see.
    async fn low_mark(&self, waiting: impl FnMut(Waiting) + Send) -> Result<Mark> {
        let (position, written) = self
            .source
            .ledger
            .written()
            .ok_or_else(|| Error::new(ErrorKind::Fatal, "nobody knows where the log is followed from"))?;
        let (address, ledger) = (Arc::clone(&self.source.address), self.source.ledger.clone());
        Visibility::open(address, self.source.flavour, ledger).await?.reached(&written, waiting).await?;
        Ok(Mark { version: written.version(), position })
    }

    async fn durable_end(&self) -> Result<Position> {
        Ok(position_of(&self.executed().await?))
    }

    // Both are the set of transactions that the server counts.
    async fn log_end(&self) -> Result<Position> {
        self.durable_end().await
    }

    fn ceiling(&self) -> MaxVersion {
        let (source, connection) = (self.source.clone(), Arc::clone(&self.connection));
        MaxVersion::new(move || {
            let (source, connection) = (source.clone(), Arc::clone(&connection));
            async move {
                let end = server::executed(&mut *connection.lock().await, &source.address, source.flavour).await;
                let executed = match end {
                    Err(error) if error.kind() == ErrorKind::Unavailable => {
                        let mut another = connect(&source.address, first()).await?;
                        server::executed(&mut another, &source.address, source.flavour).await
                    }
                    end => end,
                };
                Ok(executed?.version())
            }
        })
    }

    // A replica that acknowledges is one that the server is told of; this one never is.
    async fn stands_aside(&self, _: i32) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_locks_fit() {
        assert_eq!(lock("pgsync_orders_shop_ab12cd"), "pgsync_orders_shop_ab12cd");
        let long = "n".repeat(200);
        assert!(lock(&long).len() <= LONGEST_LOCK && lock(&long) != lock(&"m".repeat(200)));
    }
}
