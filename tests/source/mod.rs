//! Sessions, replication streams and visibility against real servers, the oldest and the newest.

mod messages;
mod sessions;
mod stream;
mod visibility;

use crate::support::database::Database;
use pgsync_runtime::internals::settings::{Binding, DatabaseSettings, Family, SslMode};
use pgsync_runtime::internals::source::postgres::pgoutput::{Cell, Message, OldKind, Relation, Tuple, decode};
use pgsync_runtime::internals::source::postgres::{Connection, Frame, Output, ReplicationStream};
use pgsync_runtime::internals::{ErrorKind, Lsn};
use std::time::Duration;

pub(crate) fn settings(url: &str) -> DatabaseSettings {
    let url: tokio_postgres::Config = url.parse().unwrap();
    let tokio_postgres::config::Host::Tcp(host) = &url.get_hosts()[0] else { panic!("not TCP") };
    DatabaseSettings {
        family: Family::Postgres,
        capture: Default::default(),
        host: host.clone(),
        port: url.get_ports()[0],
        further_hosts: Vec::new(),
        user: url.get_user().unwrap().to_owned(),
        password: None,
        database: url.get_dbname().unwrap().to_owned(),
        ssl_mode: SslMode::Prefer,
        ssl_root_cert: None,
        ssl_client: None,
        channel_binding: Binding::Prefer,
        application_name: "pgsync".into(),
        options: None,
        connect_timeout: Duration::from_secs(10),
        patience: Duration::from_secs(60),
        statement_timeout: Duration::from_secs(3600),
    }
}

/// A database of its own, and a slot in it that is named after it.
struct Case {
    database: Database,
    settings: DatabaseSettings,
    slot: String,
}

impl Case {
    async fn new(server: &str, name: &str, ddl: &str) -> Self {
        let database = Database::create(server, name).await;
        database.run(ddl).await;
        let settings = settings(&database.url);
        let mut connection = Connection::open(&settings).await.unwrap();
        connection.create_slot(name).await.unwrap();
        Self { database, settings, slot: name.to_owned() }
    }

    async fn stream(&self) -> ReplicationStream {
        for _ in 0..100 {
            let connection = Connection::open(&self.settings).await.unwrap();
            match ReplicationStream::start(connection, &self.slot, Output::Pgoutput { publication: "p" }).await {
                Ok(stream) => return stream,
                // The server lets go of the slot a moment after the stream before has ended.
                Err(error) if error.kind() == ErrorKind::Unavailable => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
        panic!("the slot stays in use")
    }

    async fn confirmed(&self) -> Lsn {
        let row = self
            .database
            .client
            .query_one("SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = $1", &[&self.slot])
            .await
            .unwrap();
        row.get::<_, String>(0).parse().unwrap()
    }

    async fn current(&self) -> Lsn {
        let row = self.database.client.query_one("SELECT pg_current_wal_lsn()::text", &[]).await.unwrap();
        row.get::<_, String>(0).parse().unwrap()
    }

    async fn drop(self) {
        Connection::open(&self.settings).await.unwrap().drop_slot(&self.slot).await.unwrap();
    }
}

/// Reads up to the next commit of changes: what came, readable, the commit's end and the transaction's id. Old servers
/// send transactions that hold no change.
async fn transaction(stream: &mut ReplicationStream) -> (Vec<String>, Lsn, u32) {
    let mut seen = Vec::new();
    let mut xid_seen = 0;
    loop {
        let frame = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("a frame").unwrap();
        let Frame::Data { payload, .. } = frame else { continue };
        match decode(&payload).unwrap() {
            Message::Begin { xid, .. } => xid_seen = xid,
            Message::Commit { end_lsn, commit_lsn, .. } => {
                assert!(commit_lsn < end_lsn && stream.received() >= end_lsn);
                if !seen.is_empty() {
                    return (seen, end_lsn, xid_seen);
                }
            }
            Message::Relation(relation) => seen.push(shown_relation(&relation)),
            Message::Insert { new, .. } => seen.push(format!("insert {}", shown(new))),
            Message::Update { old, new, .. } => seen.push(match old {
                None => format!("update {}", shown(new)),
                Some((OldKind::Key, old)) => format!("update key {} {}", shown(old), shown(new)),
                Some((OldKind::Full, old)) => format!("update full {} {}", shown(old), shown(new)),
            }),
            Message::Delete { kind, old, .. } => seen.push(format!("delete {kind:?} {}", shown(old))),
            Message::Truncate { cascade, restart_identity, relations } => {
                seen.push(format!("truncate {cascade} {restart_identity} {}", relations.len()));
            }
            Message::Origin { .. } | Message::Type { .. } | Message::Message { .. } => {}
        }
    }
}

fn shown(tuple: Tuple<'_>) -> String {
    let cells: Vec<String> = tuple
        .iter()
        .map(|cell| match cell {
            Cell::Null => "null".into(),
            Cell::Unchanged => "unchanged".into(),
            Cell::Text(text) if text.len() > 100 => format!("[{}]", text.len()),
            Cell::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Cell::Binary(_) => "binary".into(),
        })
        .collect();
    cells.join(",")
}

fn shown_relation(relation: &Relation) -> String {
    let columns: Vec<String> =
        relation.columns.iter().map(|column| format!("{}{}", if column.key { "*" } else { "" }, column.name)).collect();
    format!("relation {}.{} {} {}", relation.schema, relation.name, relation.replica_identity, columns.join(","))
}
