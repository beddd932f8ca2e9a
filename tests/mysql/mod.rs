//! The stream of MySQL's and MariaDB's logs, from real servers.

mod calls;
mod cascades;
mod charsets;
mod commands;
mod compiled;
mod computed;
mod emptied;
mod encryption;
mod expressions;
mod failover;
mod hosts;
mod index_routes;
mod library;
mod mixed;
mod phases;
mod pipeline;
mod redefined;
mod refused;
mod sakila;
mod sessions;
mod verify;
mod view_json;
mod waits;

use crate::support::binlog_server::{BinlogServer, Family};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder};
use pgsync_runtime::internals::source::RelationId;
use pgsync_runtime::internals::source::mysql::binlog::{Flavour, GtidSet, Step, Wanted};
use pgsync_runtime::internals::source::mysql::{
    Address, Encryption, Reached, Server, Start, Stream, StreamSettings, server_id,
};
use std::time::Duration;

const HEARTBEAT: Duration = Duration::from_millis(500);
const ITEM: RelationId = RelationId(1);
const OTHER: RelationId = RelationId(2);

/// A session that may do everything, in the database `shop`.
async fn session(server: &BinlogServer) -> Conn {
    let options = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(server.port())
        .user(Some("root"))
        .prefer_socket(false)
        .setup(vec!["USE shop", "CREATE DATABASE IF NOT EXISTS shop", "SET sql_mode = '', time_zone = '+00:00'"]);
    Conn::new(options).await.unwrap()
}

async fn run(session: &mut Conn, statement: &str) {
    session.query_drop(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// The user that may read and replicate.
fn address(server: &BinlogServer) -> Address {
    Address {
        host: "127.0.0.1".into(),
        port: server.port(),
        further_hosts: Vec::new(),
        reached: Reached::default(),
        user: "repl".into(),
        password: Some("repl".to_owned().into()),
        encryption: Encryption::None,
        client: None,
        patience: Duration::from_secs(10),
    }
}

fn settings(name: &str) -> StreamSettings {
    StreamSettings { server_id: server_id(name), heartbeat: HEARTBEAT }
}

fn wanted() -> Wanted {
    Wanted::default().with(ITEM, "shop", "item", &["id", "parent", "name", "amount", "moment"]).with(
        OTHER,
        "shop",
        "other",
        &["id"],
    )
}

/// What the server has executed.
async fn executed(server: &BinlogServer) -> GtidSet {
    Server::ask(&mut session(server).await, &address(server)).await.unwrap().executed
}

async fn open(server: &BinlogServer, after: GtidSet) -> pgsync_runtime::Result<Stream> {
    Stream::open(&address(server), &settings("test"), Start::After(after), wanted()).await
}

/// The next step that is not a heartbeat.
async fn next(stream: &mut Stream) -> pgsync_runtime::Result<Step> {
    loop {
        let step = tokio::time::timeout(Duration::from_secs(30), stream.next()).await.expect("a step in time")?;
        if !matches!(step, Step::Idle { .. }) {
            return Ok(step);
        }
    }
}

fn flavour(family: Family) -> Flavour {
    match family {
        Family::MySql => Flavour::MySql,
        Family::MariaDb => Flavour::MariaDb,
    }
}
