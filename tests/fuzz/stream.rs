//! What servers send unasked or in answer: messages of `pgoutput`, and answers to bulk requests. Both are taken from real
//! servers first.

use super::withstands;
use crate::support::database::Database;
use crate::support::engine::client;
use crate::support::servers;
use pgsync_runtime::internals::sink::{Action, judge};
use pgsync_runtime::internals::source::postgres::pgoutput::decode;
use pgsync_runtime::internals::source::postgres::test_decoding::{self, line::Line};
use serde_json::json;

/// Every kind of message that version 1 of the protocol has.
const CHANGES: &str = "
    CREATE TYPE mood AS ENUM ('glad', 'sour');
    CREATE TABLE item (id integer PRIMARY KEY, name text, amount numeric, feeling mood, long text);
    CREATE TABLE whole (a integer, b text);
    ALTER TABLE whole REPLICA IDENTITY FULL;
    CREATE PUBLICATION fuzz FOR TABLE item, whole;
    SELECT pg_create_logical_replication_slot('fuzz_stream', 'pgoutput');
    INSERT INTO item SELECT n, 'name ' || n, n / 7.0, 'glad', (SELECT string_agg(md5(n || ' ' || m), '') FROM generate_series(1, 100) m) FROM generate_series(1, 9) n;
    UPDATE item SET name = NULL WHERE id < 4;
    UPDATE item SET id = id + 100 WHERE id = 5;
    DELETE FROM item WHERE id = 6;
    INSERT INTO whole VALUES (1, 'one'), (NULL, NULL);
    UPDATE whole SET b = 'two' WHERE a = 1;
    DELETE FROM whole;
    TRUNCATE item, whole;
    ALTER TABLE item ADD more jsonb;
    INSERT INTO item (id, more) VALUES (1, '{\"a\": [1, null]}');";

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_stream_is_refused_by_name() {
    let database = Database::create(&servers::postgres_newest(), "fuzz_stream").await;
    for statement in CHANGES.split(';') {
        database.run(statement).await;
    }
    let sql = "SELECT data FROM pg_logical_slot_get_binary_changes('fuzz_stream', NULL, NULL, 'proto_version', '1',
               'publication_names', 'fuzz')";
    let rows = database.client.query(sql, &[]).await.unwrap();
    database.run("SELECT pg_drop_replication_slot('fuzz_stream')").await;
    let corpus: Vec<Vec<u8>> = rows.iter().map(|row| row.get(0)).collect();
    let kinds: std::collections::BTreeSet<u8> = corpus.iter().map(|message| message[0]).collect();
    assert_eq!(kinds, b"BCDIRTUY".iter().copied().collect(), "{kinds:?}");
    assert!(corpus.iter().all(|message| decode(message).is_ok()));
    withstands("messages of pgoutput", &corpus, |input| match decode(input) {
        Ok(message) => {
            // What is decoded can be looked at as a whole.
            assert!(!format!("{message:?}").is_empty());
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    });
}

/// The same changes as lines of `test_decoding`, and whole streams of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_line_of_test_decoding_is_refused_by_name() {
    let database = Database::create(&servers::postgres_newest(), "fuzz_lines").await;
    for statement in CHANGES.split(';') {
        database.run(&statement.replace("fuzz_stream', 'pgoutput'", "fuzz_lines', 'test_decoding'")).await;
    }
    let rows =
        database.client.query("SELECT data FROM pg_logical_slot_get_changes('fuzz_lines', NULL, NULL)", &[]).await;
    database.run("SELECT pg_drop_replication_slot('fuzz_lines')").await;
    let corpus: Vec<Vec<u8>> = rows.unwrap().iter().map(|row| row.get::<_, String>(0).into_bytes()).collect();
    assert!(corpus.len() > 20 && corpus.iter().all(|line| test_decoding::line::read(line).is_ok()));
    withstands("lines of test_decoding", &corpus, |input| match test_decoding::line::read(input) {
        Ok(Line::Change(change)) => {
            // What was checked is read to its end.
            let columns = [change.old, change.new].into_iter().flatten().map(|columns| columns.iter().count());
            columns.sum::<usize>() < 10_000
        }
        Ok(_) => true,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_answer_of_an_engine_is_refused_or_judged() {
    let mut corpus = Vec::new();
    for engine in [servers::opensearch(), servers::elasticsearch()] {
        corpus.extend(answers(&engine).await);
    }
    let three = || [Action::Index, Action::Index, Action::Delete].into_iter();
    assert!(corpus.iter().all(|answer| judge(answer, three()).is_ok()));
    withstands("answers to bulk requests", &corpus, |input| match judge(input, three()) {
        Ok(judged) => {
            assert_eq!(judged.len(), 3);
            true
        }
        Err(said) => {
            assert!(!said.is_empty());
            false
        }
    });
}

/// Three items each: written, refused for a conflict, for the mapping, and for an index that is not there.
async fn answers(engine: &str) -> Vec<Vec<u8>> {
    let index = "fuzz-answers";
    let url = |path: &str| format!("{engine}/{path}");
    client().delete(url(index)).send().await.unwrap();
    let mapping = json!({ "mappings": { "properties": { "n": { "type": "integer" } } } });
    let made = client().put(url(index)).header("content-type", "application/json").body(mapping.to_string());
    assert!(made.send().await.unwrap().status().is_success());
    let mut found = Vec::new();
    for (index, version, value) in
        [(index, 5, json!(1)), (index, 3, json!(2)), (index, 9, json!("no number")), ("fuzz-none", 1, json!(1))]
    {
        let write = |id: &str| json!({ "index": { "_index": index, "_id": id, "version": version, "version_type": "external" } });
        let delete =
            json!({ "delete": { "_index": index, "_id": "3", "version": version, "version_type": "external" } });
        let body = json!({ "n": value });
        let text = format!("{}\n{body}\n{}\n{body}\n{delete}\n", write("1"), write("2"));
        let request = client().post(url("_bulk?require_alias=false")).header("content-type", "application/x-ndjson");
        found.push(request.body(text).send().await.unwrap().bytes().await.unwrap().to_vec());
    }
    for index in [index, "fuzz-none"] {
        client().delete(url(index)).send().await.unwrap();
    }
    found
}
