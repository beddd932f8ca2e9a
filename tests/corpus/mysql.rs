//! The cases that have a `mysql.sql`, on MySQL and MariaDB. In: its tables and rows, in statements that both take where text in
//! double quotes is a name and `||` puts texts together. Out: a failure where a load reads other documents than those of
//! `expected/documents.json`, which are the same whatever the database, or where a document that is asked for by its key is
//! another one.

use super::binlog::{BY_LETTERS, compiled, prepared};
use super::case::{self, Case};
use super::index::{Documents, differences};
use crate::support::binlog_server::{BinlogServer, Family};
use crate::support::json::exact;
use pgsync_plan::{Dialect, Program};
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::{self, DocumentReader, KeySet, RowCache};
use pgsync_runtime::internals::source::mysql::{Address, Encryption, Reached, Session};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

async fn session(server: &BinlogServer) -> Session {
    let address = Address {
        host: "127.0.0.1".into(),
        port: server.port(),
        further_hosts: Vec::new(),
        reached: Reached::default(),
        user: "repl".into(),
        password: Some("repl".to_owned().into()),
        encryption: Encryption::None,
        client: None,
        patience: PATIENCE,
    };
    Session::connect(Arc::new(address), PATIENCE).await.unwrap()
}

fn taken(read: &fetch::Documents) -> BTreeMap<String, crate::support::json::Exact> {
    let text = |body: &[u8]| std::str::from_utf8(body).unwrap().to_owned();
    let found = read.iter().filter_map(|one| Some((one.id.to_string(), exact(&text(one.body?)))));
    found.collect()
}

/// What a load reads, and what a look-up by the same keys does.
async fn read(session: &mut Session, case: &Case, program: &Arc<Program>) -> Documents {
    let mut found = Documents::new();
    for (position, document) in program.plan.documents.iter().enumerate() {
        let reader = DocumentReader::new(Arc::clone(program), position, 100).unwrap().as_shown();
        let mut loaded = fetch::Documents::new(Version(1));
        let read = reader.read_range(session, None, None, &RowCache::new(), &mut loaded).await;
        read.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let loaded = taken(&loaded);
        // Keys of one plain part are their `_id`.
        if document.key.len() == 1 && document.routing.is_none() {
            let mut keys = KeySet::new(1);
            for id in loaded.keys() {
                keys.insert([id.as_bytes()]);
            }
            let mut asked = fetch::Documents::new(Version(1));
            let read = reader.read_keys(session, (&keys, 0..keys.len()), &RowCache::new(), &mut asked).await;
            read.unwrap_or_else(|error| panic!("{}: {error}", case.name));
            assert_eq!(taken(&asked), loaded, "{}: by key", case.name);
        }
        found.insert(document.index.clone(), loaded);
    }
    found
}

/// The documents that a load has to find.
pub(super) fn expected(case: &Case) -> Documents {
    let text = std::fs::read_to_string(case.directory.join("expected/documents.json")).unwrap();
    let indexes: BTreeMap<String, BTreeMap<String, Box<RawValue>>> = serde_json::from_str(&text).unwrap();
    let documents = indexes.into_iter().map(|(index, documents)| {
        (index, documents.into_iter().map(|(id, document)| (id, exact(document.get()))).collect())
    });
    documents.collect()
}

async fn every(family: Family) {
    let server = BinlogServer::start(family, &[]);
    let mut session = session(&server).await;
    let (mut count, mut failed) = (0, Vec::new());
    for case in case::all() {
        if case.mysql.is_none() {
            continue;
        }
        let catalog = prepared(server.port(), &case, &case.name.replace('-', "_"), BY_LETTERS).await;
        let program = Arc::new(compiled(&case, &case.mysql_source(), &catalog));
        assert_eq!(program.dialect == Dialect::Mariadb, family == Family::MariaDb);
        let said = differences(&read(&mut session, &case, &program).await, &expected(&case));
        if !said.is_empty() {
            failed.push(format!("{}:\n{}", case.name, said.join("\n")));
        }
        count += 1;
    }
    let chosen = std::env::var_os("PGSYNC_TEST_CASE").is_some();
    assert!(count > 0 || chosen, "no case has a mysql.sql");
    assert!(failed.is_empty(), "{} of {count} cases on {family:?}\n{}", failed.len(), failed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_cases_on_mariadb() {
    every(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_cases_on_mysql() {
    every(Family::MySql).await;
}

/// A case is for all databases, or says why it is not; the page lists those.
#[test]
fn mysql_has_every_case_that_it_can_have() {
    let chosen = std::env::var_os("PGSYNC_TEST_CASE").is_some();
    let cases = case::all();
    for case in &cases {
        assert_ne!(
            case.mysql.is_some(),
            case.not_on_mysql().is_some(),
            "{}: a mysql.sql, or `-- mysql: no, WHY` in tables.sql",
            case.name
        );
    }
    let page = std::fs::read_to_string(case::home().join("README.md")).unwrap();
    let (_, listed) = page.split_once("These they cannot have:").unwrap();
    let (listed, _) = listed.split_once('.').unwrap();
    let listed: Vec<&str> = listed.split(',').map(|name| name.trim().trim_matches('`')).collect();
    let without: Vec<&str> =
        cases.iter().filter(|case| case.not_on_mysql().is_some()).map(|case| case.name.as_str()).collect();
    assert!(chosen || listed == without, "README.md lists {listed:?}, found are {without:?}");
}
