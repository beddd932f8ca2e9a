//! Expressions and aggregates on MySQL and MariaDB: every function of the page is called, and the document shows what the server
//! says of the same row, whatever type it gives by itself.

use super::calls::{CALLS, OF_MARIADB, OF_MYSQL, OTHERS};
use super::*;
use crate::support::json::{Exact, exact};
use pgsync_codegen::Source;
use pgsync_codegen::catalog::{Catalog, mysql};
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::{self, DocumentReader, RowCache};
use pgsync_runtime::internals::source::mysql::Session;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A row of values, one of NULL, one of values that are hard.
const TABLE: &[&str] = &[
    "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40), price DECIMAL(10,2), weight DOUBLE, share FLOAT, small SMALLINT, made DATETIME(3),
       day DATE, wait TIME, doc JSON, data VARBINARY(16), kind ENUM('b', 'a'), big BIGINT UNSIGNED, paid BOOLEAN) CHARACTER SET utf8mb4",
    "INSERT INTO item VALUES (1, 'Größe a-1', 12.50, 0.1, 0.1, 7, '2024-02-29 13:14:15.125', '2024-02-29', '10:11:12', '{\"a\": [1, \"x\"], \"b\": null}',
       x'00ff', 'a', 18446744073709551615, TRUE)",
    "INSERT INTO item (id) VALUES (2)",
    "INSERT INTO item VALUES (3, '', -0.05, -1234.75, 1.5, -32768, '1999-12-31 23:59:59.999', '1999-12-31', '-01:00:00', '[]', x'', 'b', 0, FALSE)",
];

struct Shop {
    session: Conn,
    reader: Session,
    catalog: Catalog,
    _server: BinlogServer,
}

impl Shop {
    async fn new(family: Family, statements: &[&str]) -> Self {
        let server = BinlogServer::start(family, &[]);
        let mut session = session(&server).await;
        for statement in statements {
            run(&mut session, statement).await;
        }
        let catalog = mysql::read(&mut session, "shop", &["shop".to_owned()]).await.unwrap();
        let reader = Session::connect(Arc::new(address(&server)), Duration::from_secs(30)).await.unwrap();
        Self { session, reader, catalog, _server: server }
    }

    /// The documents of a root, by `_id`.
    async fn documents(&mut self, root: serde_json::Value) -> Result<BTreeMap<String, Exact>, String> {
        let schema = json!([{ "index": "shop", "nodes": root }]).to_string();
        let compiled = pgsync_codegen::compile(&Source::new("schema.json", schema), &self.catalog);
        let program = Arc::new(compiled.map_err(|found| found.plain())?.0);
        let reader = DocumentReader::new(program, 0, 100).unwrap().as_shown();
        let mut read = fetch::Documents::new(Version(1));
        let loaded = reader.read_range(&mut self.reader, None, None, &RowCache::new(), &mut read).await;
        loaded.map_err(|error| error.to_string())?;
        let text = |body: &[u8]| std::str::from_utf8(body).unwrap().to_owned();
        Ok(read.iter().filter_map(|one| Some((one.id.to_string(), exact(&text(one.body?))))).collect())
    }

    /// What the server says of an expression: of each row as text, and as bytes.
    async fn said(&mut self, expression: &str) -> BTreeMap<String, (Option<String>, Option<String>)> {
        let statement =
            format!("SELECT CAST(id AS CHAR), CAST(({expression}) AS CHAR), LOWER(HEX(({expression}))) FROM item");
        let rows: Vec<(String, Option<String>, Option<String>)> =
            self.session.query(&statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        rows.into_iter().map(|(id, text, bytes)| (id, (text, bytes))).collect()
    }
}

/// Whether a shown value is what the server says.
fn is(shown: &Exact, (text, bytes): &(Option<String>, Option<String>)) -> bool {
    let Some(text) = text.as_deref() else { return *shown == Exact::Plain(serde_json::Value::Null) || bytes.is_some() };
    match shown {
        Exact::Plain(serde_json::Value::Bool(shown)) => text == if *shown { "1" } else { "0" },
        Exact::Plain(serde_json::Value::String(shown)) if shown.starts_with("\\x") => {
            Some(&shown[2..]) == bytes.as_deref()
        }
        // A moment has a letter between day and time, and no zeros at its end.
        Exact::Plain(serde_json::Value::String(shown)) => {
            let trimmed = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
            let quoted = serde_json::from_str::<String>(text).ok();
            *shown == text || shown.replace('T', " ") == trimmed || Some(shown) == quoted.as_ref()
        }
        Exact::Number(..) => *shown == exact(text) || shown.text().parse::<f64>().ok() == text.parse::<f64>().ok(),
        shown => *shown == exact(text),
    }
}

async fn expressions(family: Family) {
    let mut shop = Shop::new(family, TABLE).await;
    let own = if family == Family::MySql { OF_MYSQL } else { OF_MARIADB };
    let calls = CALLS.iter().chain(own).map(|(_, call)| *call);
    let mut wrong = Vec::new();
    for expression in calls.chain(OTHERS.iter().copied()) {
        let root = json!({ "table": "item", "columns": ["id"], "computed": { "made": expression } });
        match shop.documents(root).await {
            Err(said) => wrong.push(format!("{expression}: {said}")),
            Ok(documents) => {
                let said = shop.said(expression).await;
                assert_eq!(documents.len(), 3);
                for (id, document) in documents {
                    let Exact::Object(members) = document else { panic!("{id} is no object") };
                    if !is(&members["made"], &said[&id]) {
                        wrong.push(format!("{expression} of {id}: {} and not {:?}", members["made"].text(), said[&id]));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_expressions_give_what_mariadb_says() {
    expressions(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_expressions_give_what_mysql_says() {
    expressions(Family::MySql).await;
}

/// Extremes, sums and means of every type, as the server says.
async fn aggregates(family: Family) {
    let mut tables = vec!["CREATE TABLE root (id INT PRIMARY KEY)", "INSERT INTO root VALUES (1), (2)"];
    tables.extend(TABLE);
    tables.extend(["ALTER TABLE item ADD root_id INT", "UPDATE item SET root_id = 1"]);
    let mut shop = Shop::new(family, &tables).await;
    let mut wrong = Vec::new();
    for column in ["id", "name", "price", "weight", "share", "small", "made", "day", "wait", "kind", "big", "paid"] {
        for function in ["min", "max", "sum", "avg", "count", "count(distinct"] {
            if ["sum", "avg"].contains(&function) && ["name", "made", "day", "wait", "kind"].contains(&column) {
                continue;
            }
            let call = if function.ends_with("distinct") {
                format!("{function} {column})")
            } else {
                format!("{function}({column})")
            };
            let child = json!({
                "table": "item", "label": "made", "aggregate": { "made": call },
                "relationship": { "variant": "scalar", "type": "one_to_many", "foreign_key": { "parent": ["id"], "child": ["root_id"] } }
            });
            let root = json!({ "table": "root", "columns": ["id"], "children": [child] });
            // An enum is ordered as its labels are declared.
            let asked = match (function, column) {
                ("min", "kind") => "(SELECT kind FROM item WHERE kind IS NOT NULL ORDER BY kind LIMIT 1)".to_owned(),
                ("max", "kind") => "(SELECT kind FROM item ORDER BY kind DESC LIMIT 1)".to_owned(),
                ("min" | "max", "share") => format!("CAST({call} AS FLOAT)"),
                ("avg", "weight" | "share") => call.clone(),
                ("avg", _) => format!("SUM({column}) * CAST(1 AS DECIMAL(13,12)) / COUNT({column})"),
                _ => call.clone(),
            };
            let statement = format!("SELECT CAST({asked} AS CHAR), NULL FROM item");
            let said: (Option<String>, Option<String>) = shop.session.query_first(statement).await.unwrap().unwrap();
            match shop.documents(root).await {
                Err(error) => wrong.push(format!("{call}: {error}")),
                Ok(documents) => {
                    let Exact::Object(members) = &documents["1"] else { panic!("no object") };
                    if !is(&members["made"], &said) {
                        wrong.push(format!("{call}: {} and not {said:?}", members["made"].text()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_aggregates_give_what_mariadb_says() {
    aggregates(Family::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_aggregates_give_what_mysql_says() {
    aggregates(Family::MySql).await;
}
