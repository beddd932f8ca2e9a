//! The commands of the compiler on MySQL and MariaDB, reached as people write it: by a URL, and by PGSync's names. Tables stand
//! in two databases of the server, and a view reads both.

use super::*;
use crate::support::process::cargo_pgsync;
use std::process::{Command, Output};

const TABLES: [&str; 8] = [
    "CREATE DATABASE makers",
    "CREATE TABLE makers.maker (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, kind ENUM('big', 'small') NOT NULL)",
    "CREATE TABLE item (id BIGINT UNSIGNED PRIMARY KEY, title VARCHAR(40), maker_id INT, gone TINYINT(1) NOT NULL DEFAULT 0,
       CONSTRAINT made FOREIGN KEY (maker_id) REFERENCES makers.maker (id))",
    "CREATE VIEW offer AS SELECT i.id, i.title, m.name AS maker FROM item i JOIN makers.maker m ON m.id = i.maker_id",
    "CREATE TABLE note (id INT PRIMARY KEY, body TEXT) ENGINE = MyISAM",
    "INSERT INTO makers.maker VALUES (1, 'one', 'big'), (2, 'two', 'small')",
    "INSERT INTO item VALUES (1, 'a', 1, 0), (18446744073709551615, 'b', 2, 0), (3, 'c', NULL, 0), (4, 'd', 1, 1)",
    "INSERT INTO note VALUES (1, 'x')",
];

const SCHEMA: &str = r#"[
  { "index": "items", "nodes": { "table": "item", "columns": ["id", "title"], "where": "NOT gone",
      "children": [{ "table": "maker", "schema": "makers", "columns": ["name", "kind"] }] } },
  { "index": "offers", "nodes": { "table": "offer", "primary_key": ["id"] } }
]"#;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

async fn commands(family: Family) {
    let server = BinlogServer::start(family, &[]);
    let mut session = session(&server).await;
    for statement in TABLES {
        run(&mut session, statement).await;
    }
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("schema.json"), SCHEMA).unwrap();
    let scheme = if family == Family::MySql { "mysql" } else { "mariadb" };
    let port = server.port().to_string();
    let by_url = vec![("PG_URL", format!("{scheme}://repl:repl@127.0.0.1:{port}/shop"))];
    let by_names = [("PG_DRIVER", "pymysql"), ("PG_HOST", "127.0.0.1"), ("PG_PORT", &port), ("PG_USER", "repl")];
    let by_names = by_names.into_iter().chain([("PG_PASSWORD", "repl"), ("PG_DATABASE", "shop")]);
    let by_names: Vec<(&str, String)> = by_names.map(|(name, value)| (name, value.to_owned())).collect();
    let with = |variables: &[(&str, String)], arguments: &[&str]| {
        let mut command = Command::new(cargo_pgsync());
        command.arg("pgsync").args(arguments).current_dir(directory.path()).env_remove("PG_URL");
        command.envs(variables.iter().map(|(name, value)| (*name, value.as_str()))).output().unwrap()
    };
    let done = |arguments: &[&str]| {
        let output = with(&by_url, arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    // Of a view whose query is hidden nobody knows what it depends on.
    run(&mut session, "REVOKE SHOW VIEW ON *.* FROM 'repl'@'%'").await;
    let hidden = with(&by_url, &["check"]);
    assert_eq!(hidden.status.code(), Some(2));
    assert!(
        said(&hidden).contains("what offer is made of") && said(&hidden).contains("SHOW VIEW"),
        "{}",
        said(&hidden)
    );
    run(&mut session, "GRANT SHOW VIEW ON *.* TO 'repl'@'%'").await;
    for variables in [&by_url, &by_names] {
        let output = with(variables, &["check"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let proposed = done(&["init", "--table", "item", "--print"]);
    assert!(proposed.contains("\"maker\"") && proposed.contains("\"makers\""), "{proposed}");
    let explained = done(&["explain", "--stage", "sql"]);
    assert!(explained.contains("`makers`.`maker`") && explained.contains("(NOT root.`gone`)"), "{explained}");
    let explained = done(&["explain"]);
    assert!(explained.contains("nothing is set up in the database"), "{explained}");
    // A change of a maker leads to its offers, through the view.
    let plan = done(&["explain", "--stage", "plan"]);
    assert!(plan.contains("\"way\""), "{plan}");
    let shown: Vec<serde_json::Value> =
        done(&["preview", "-n", "9", "--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let titles: Vec<&str> = shown.iter().filter_map(|one| one["_source"]["title"].as_str()).collect();
    assert_eq!(titles, ["a", "c", "b", "a", "d", "b"], "{shown:?}");
    assert_eq!(shown[2]["_id"], "18446744073709551615");
    assert_eq!(shown[2]["_source"]["maker"], serde_json::json!({ "name": "two", "kind": "small" }));
    done(&["generate", "--module", "schema.rs"]);
    let module = std::fs::read_to_string(directory.path().join("schema.rs")).unwrap();
    assert!(module.contains("pub id: u64") && module.contains("labels!(MakerKind"), "{module}");
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../pgsync-runtime");
    done(&["generate", "--crate", "my-sync", "--runtime-path", runtime]);
    let manifest = std::fs::read_to_string(directory.path().join("my-sync/Cargo.toml")).unwrap();
    assert!(manifest.contains("features = [\"mysql\"]"), "{manifest}");
    // A snapshot goes stale with what the schema uses.
    done(&["catalog"]);
    done(&["catalog", "--check"]);
    run(&mut session, "ALTER TABLE makers.maker MODIFY name VARCHAR(50) NOT NULL").await;
    let stale = with(&by_url, &["catalog", "--check"]);
    assert_eq!(stale.status.code(), Some(2));
    assert!(
        said(&stale).contains("column name of table makers.maker is varchar(50), and was varchar(40)"),
        "{}",
        said(&stale)
    );
    // What an engine without transactions holds is not followed.
    std::fs::write(directory.path().join("note.json"), r#"{"table": "note"}"#).unwrap();
    let refused = with(&by_url, &["check", "--config", "note.json"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("note is kept by an engine without transactions"), "{}", said(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_commands_compile_from_a_mariadb() {
    commands(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_commands_compile_from_a_mysql() {
    commands(Family::MySql).await;
}
