//! The statements that are compiled for MySQL and MariaDB, on the servers: keys of every type are found, through an index, and
//! by the server's equality; ranges are cut and read; the rows of one parent are chosen and ordered.

use super::*;
use mysql_async::{Params, Row, Value};
use pgsync_codegen::Source;
use pgsync_codegen::catalog::{Catalog, Release, mysql};
use pgsync_plan::{DocumentStatements, Program, Statement};
use serde_json::json;

/// A key: how it is declared, what it is for a number, one that no row has, and another spelling of the same.
struct KeyType {
    declared: &'static str,
    value: &'static str,
    missing: &'static str,
    respelled: fn(&str) -> String,
}

const fn key(declared: &'static str, value: &'static str, missing: &'static str) -> KeyType {
    KeyType { declared, value, missing, respelled: str::to_owned }
}

const KEYS: [KeyType; 13] = [
    key("INT", "n", "-3"),
    key("BIGINT UNSIGNED", "18446744073709540000 + n", "5"),
    key("SMALLINT UNSIGNED", "60000 + n", "5"),
    KeyType { respelled: |key| format!("{key}0"), ..key("DECIMAL(12,3)", "n / 4", "0.125") },
    key("DOUBLE", "n + 0.25", "0.5"),
    key("DATE", "DATE '2000-01-01' + INTERVAL n DAY", "1990-01-01"),
    key("DATETIME(6)", "TIMESTAMP '2024-01-01 00:00:00' + INTERVAL n * 1000 MICROSECOND", "1990-01-01 00:00:00.000000"),
    KeyType {
        respelled: |key| key.replace('T', " "),
        ..key("TIMESTAMP(3) NULL", "TIMESTAMP '2024-01-01 00:00:00' + INTERVAL n SECOND", "1990-01-01T00:00:00")
    },
    key("TIME", "SEC_TO_TIME(n * 300)", "-01:00:00"),
    KeyType {
        respelled: str::to_uppercase,
        ..key("VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", "CONCAT('Schlüssel ', n)", "none")
    },
    KeyType {
        respelled: str::to_lowercase,
        ..key("VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci", "CONCAT('Clé ', n)", "none")
    },
    key("CHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "CONCAT('a\\\\\"''|', n)", "A"),
    key("VARBINARY(16)", "UNHEX(LEFT(SHA2(n, 256), 32))", "00FF"),
];

/// Rows of a root; each has three children.
const ROWS: u64 = 2000;

struct Shop {
    family: Family,
    /// The release that statements are written for, where it is not the server's own.
    release: Option<Release>,
    session: Conn,
    _server: BinlogServer,
}

impl Shop {
    async fn new(family: Family) -> Self {
        let server = BinlogServer::start(family, &[]);
        let mut session = session(&server).await;
        run(&mut session, "CREATE TABLE numbers (n INT PRIMARY KEY)").await;
        let numbers: Vec<String> = (1..=ROWS).map(|n| format!("({n})")).collect();
        run(&mut session, &format!("INSERT INTO numbers VALUES {}", numbers.join(", "))).await;
        Self { family, release: None, session, _server: server }
    }

    /// A server whose statements are written for MariaDB 10.5, which makes no table of a JSON text.
    async fn without_json_table() -> Self {
        Self { release: Release::of("10.5"), ..Self::new(Family::MariaDb).await }
    }

    async fn run(&mut self, statement: &str) {
        run(&mut self.session, statement).await;
    }

    async fn compile(&mut self, schema: serde_json::Value) -> Program {
        let catalog = mysql::read(&mut self.session, "shop", &["shop".to_owned()]).await.unwrap();
        let again = Catalog::from_json(&catalog.to_json()).unwrap();
        assert_eq!(again, catalog, "a snapshot says the same");
        let catalog = Catalog { release: self.release.or(catalog.release), ..catalog };
        let source = Source::new("schema.json", schema.to_string());
        pgsync_codegen::compile(&source, &catalog).unwrap_or_else(|found| panic!("{}", found.plain())).0
    }

    /// Runs a statement as the runtime does: prepared, its numbered parameters in the order in which they stand.
    async fn ask(&mut self, statement: &Statement, parameters: &[Value]) -> Vec<Vec<Value>> {
        let (text, values) = numbered(&statement.sql, parameters);
        let rows: Vec<Row> =
            self.session.exec(&text, values).await.unwrap_or_else(|error| panic!("{}: {error}", statement.sql));
        rows.into_iter().map(Row::unwrap).collect()
    }

    /// How each table of a statement is read.
    async fn access(&mut self, statement: &Statement, parameters: &[Value]) -> Vec<(String, String)> {
        let explain = match self.family {
            Family::MySql => "EXPLAIN FORMAT=TRADITIONAL",
            Family::MariaDb => "EXPLAIN",
        };
        let (text, values) = numbered(&statement.sql, parameters);
        let text = text[text.find("SELECT").unwrap()..].to_owned();
        let rows: Vec<Row> = self.session.exec(format!("{explain} {text}"), values).await.unwrap();
        let read = rows.into_iter().map(|row| {
            let cell = |name: &str| row.get::<Option<String>, _>(name).flatten().unwrap_or_default();
            (cell("table"), cell("type"))
        });
        read.collect()
    }

    async fn is_looked_up(&mut self, statement: &Statement, parameters: &[Value], table: &str) {
        let access = self.access(statement, parameters).await;
        let of = access
            .iter()
            .find(|(of, _)| of == table)
            .unwrap_or_else(|| panic!("{access:?} of {} with {parameters:?}", statement.sql));
        assert!(["const", "eq_ref", "ref", "range"].contains(&of.1.as_str()), "{}: {access:?}", statement.sql);
    }
}

/// Placeholders of the driver, and a value for each.
fn numbered(sql: &str, parameters: &[Value]) -> (String, Params) {
    let (mut text, mut values) = (String::new(), Vec::new());
    let mut rest = sql;
    while let Some((before, behind)) = rest.split_once('?') {
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        values.push(parameters[behind[..digits].parse::<usize>().unwrap() - 1].clone());
        text = text + before + "?";
        rest = &behind[digits..];
    }
    (text + rest, if values.is_empty() { Params::Empty } else { Params::Positional(values) })
}

/// A value as the text in which it is asked for.
fn text(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Bytes(bytes) => String::from_utf8(bytes.clone()).unwrap(),
        Value::Date(year, month, day, 0, 0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        Value::Date(year, month, day, hour, minute, second, micros) => {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}")
        }
        Value::Time(false, days, hours, minutes, seconds, 0) => {
            format!("{:02}:{minutes:02}:{seconds:02}", days * 24 + u32::from(*hours))
        }
        other => panic!("{other:?}"),
    }
}

/// Keys of one value, as the runtime gives them to a statement that is written so.
fn asked(statement: &Statement, keys: &[&str]) -> Vec<Value> {
    if !statement.sql.starts_with("/* takes packed ") {
        return vec![json!(keys.iter().map(|key| [key]).collect::<Vec<_>>()).to_string().into()];
    }
    let (mut places, mut at) = (String::new(), 20 * keys.len() + 1);
    for key in keys {
        places += &format!("{at:010}{:010}", key.len());
        at += key.len();
    }
    vec![(places + &keys.concat()).into(), keys.len().into()]
}

fn only(program: Program) -> DocumentStatements {
    program.statements.into_iter().next().unwrap()
}

async fn keys(mut shop: Shop) {
    for (number, KeyType { declared: ty, value, missing, respelled }) in KEYS.into_iter().enumerate() {
        let (root, child) = (format!("root{number}"), format!("child{number}"));
        let not_null = ty.replace(" NULL", "");
        shop.run(&format!("CREATE TABLE {root} (k {not_null} NOT NULL, n INT, PRIMARY KEY (k))")).await;
        shop.run(&format!("INSERT INTO {root} SELECT {value}, n FROM numbers")).await;
        shop.run(&format!(
            "CREATE TABLE {child} (id INT AUTO_INCREMENT PRIMARY KEY, k {ty}, CONSTRAINT of{number} FOREIGN KEY (k) REFERENCES {root} (k))"
        ))
        .await;
        shop.run(&format!(
            "INSERT INTO {child} (k) SELECT {value} FROM numbers, (SELECT 1 UNION SELECT 2 UNION SELECT 3) x"
        ))
        .await;
        shop.run(&format!("ANALYZE TABLE {root}, {child}")).await;
        let statements = only(
            shop.compile(
                json!({ "table": root, "columns": ["n"], "children": [{ "table": child, "columns": ["id"] }] }),
            )
            .await,
        );
        // Cut, then read between the cuts.
        let ranges = &statements.roots_by_range;
        let first = shop.ask(&ranges.cut_first, &[699.into()]).await;
        let low = first[0][0].clone();
        let low = text(&low);
        let high = text(&shop.ask(&ranges.cut_next, &[low.clone().into(), 599.into()]).await[0][0]);
        assert!(
            shop.ask(&ranges.cut_next, &[high.clone().into(), 700.into()]).await.is_empty(),
            "{ty}: fewer are left"
        );
        let between = [low.clone().into(), high.clone().into()];
        assert_eq!(shop.ask(&ranges.rows.between, &between).await.len(), 600, "{ty}");
        assert_eq!(shop.ask(&ranges.rows.until, &between[..1]).await.len(), 700, "{ty}");
        assert_eq!(shop.ask(&ranges.rows.after, &between[1..]).await.len(), 700, "{ty}");
        assert_eq!(shop.ask(&ranges.rows.all, &[]).await.len() as u64, ROWS, "{ty}");
        let near = text(&shop.ask(&ranges.cut_next, &[low.clone().into(), 9.into()]).await[0][0]);
        shop.is_looked_up(&ranges.rows.between, &[low.clone().into(), near.into()], "root").await;
        // By key: what is not there is handed back too.
        let three = asked(&statements.roots_by_key, &[&high, missing, &respelled(&low)]);
        let rows = shop.ask(&statements.roots_by_key, &three).await;
        let found: Vec<(i64, bool)> = rows.iter().map(|row| (from(&row[0]), from(&row[2]) == 1)).collect();
        assert_eq!(found, [(1, true), (2, false), (3, true)], "{ty}: {rows:?}");
        shop.is_looked_up(&statements.roots_by_key, &three, "root").await;
        // Down and up.
        let level = statements.levels[1].as_ref().unwrap();
        let rows = shop.ask(&level.rows, &three).await;
        assert_eq!(rows.len(), 6, "{ty}");
        shop.is_looked_up(&level.rows, &three, "child").await;
        let route = statements.routes[1].as_ref().unwrap();
        let roots = shop.ask(route, &three).await;
        assert_eq!(roots.len(), 2, "{ty}: {roots:?}");
        shop.is_looked_up(route, &three, "root").await;
        let (one, other) = (text(&roots[0][0]), text(&roots[1][0]));
        let rows = shop.ask(&statements.roots_by_key, &asked(&statements.roots_by_key, &[&one, &other])).await;
        assert!(
            rows.len() == 2 && rows.iter().all(|row| from(&row[2]) == 1),
            "{ty}: a route gives what can be asked for"
        );
        let estimate = from(&shop.ask(&ranges.estimate, &[]).await[0][0]);
        assert!((1000..4000).contains(&estimate), "{ty}: {estimate} rows");
        if let Some(prefetch) = &level.prefetch {
            assert_eq!(shop.ask(prefetch, &[16_000_000.into()]).await.len(), 6000, "{ty}");
            assert!(shop.ask(prefetch, &[1.into()]).await.is_empty(), "{ty}: too large");
        }
    }
}

/// Labels are found by an index as other keys are.
async fn labels(mut shop: Shop) {
    let labels: Vec<String> = (1..=ROWS).map(|n| format!("'kind {n}'")).collect();
    let kind = format!("ENUM({})", labels.join(", "));
    shop.run(&format!("CREATE TABLE kind (k {kind} NOT NULL PRIMARY KEY, n INT)")).await;
    shop.run("INSERT INTO kind SELECT n, n FROM numbers").await;
    shop.run(&format!(
        "CREATE TABLE thing (id INT AUTO_INCREMENT PRIMARY KEY, k {kind}, CONSTRAINT of_kind FOREIGN KEY (k) REFERENCES kind (k))"
    ))
    .await;
    shop.run("INSERT INTO thing (k) SELECT n FROM numbers").await;
    shop.run("ANALYZE TABLE kind, thing").await;
    let schema = json!({ "table": "kind", "columns": ["n"], "children": [{ "table": "thing", "columns": ["id"] }] });
    let statements = only(shop.compile(schema).await);
    let two = asked(&statements.roots_by_key, &["kind 7", "KIND 9", "none"]);
    let level = statements.levels[1].clone().unwrap().rows;
    let route = statements.routes[1].clone().unwrap();
    for (statement, table, rows) in [(&statements.roots_by_key, "root", 3), (&level, "child", 2), (&route, "root", 2)] {
        assert_eq!(shop.ask(statement, &two).await.len(), rows, "{}", statement.sql);
        shop.is_looked_up(statement, &two, table).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_labels_are_found_by_an_index_of_mariadb() {
    labels(Shop::new(Family::MariaDb).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_labels_are_found_by_an_index_of_mysql() {
    labels(Shop::new(Family::MySql).await).await;
}

fn from(value: &Value) -> i64 {
    mysql_async::from_value(value.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_keys_are_found_by_an_index_of_mariadb() {
    keys(Shop::new(Family::MariaDb).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_keys_are_found_by_an_index_of_mysql() {
    keys(Shop::new(Family::MySql).await).await;
}

async fn chosen(mut shop: Shop) {
    for statement in [
        "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20), KEY (name))",
        "CREATE TABLE book (id INT PRIMARY KEY, author_id INT, stars INT, kind VARCHAR(10), data JSON, place POINT,
           CONSTRAINT by_author FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE)",
        "INSERT INTO author VALUES (1, 'a'), (2, 'b')",
        "INSERT INTO book VALUES (1, 1, 3, 'x', '{\"a\": [1, {\"b\": \"c\"}], \"n\": null, \"m\": null}', POINT(1, 2)), (2, 1, NULL, 'X', NULL, NULL),
           (3, 1, 5, 'y', '{\"a\": 7}', NULL), (4, 1, 5, 'z', '[]', NULL), (5, 2, 1, NULL, NULL, NULL)",
    ] {
        shop.run(statement).await;
    }
    let mut level = async |child: serde_json::Value| {
        let schema = json!({ "table": "author", "columns": ["name"], "children": [child] });
        only(shop.compile(schema).await).levels.remove(1).unwrap().rows
    };
    let scalars = json!({ "variant": "scalar", "type": "one_to_many" });
    let book = |column: &str, order: &str, more: serde_json::Value| {
        let mut child = json!({ "table": "book", "columns": [column], "order_by": [order], "relationship": scalars });
        child.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        child
    };
    let last = level(book("id", "stars desc", json!({}))).await;
    let first = level(book("id", "stars desc nulls first", json!({}))).await;
    let two = level(book("id", "stars", json!({ "limit": 2 }))).await;
    let kinds = level(book("kind", "kind desc", json!({ "distinct": true }))).await;
    let two_kinds = level(book("kind", "kind", json!({ "distinct": true, "limit": 2 }))).await;
    let mut shown = async |statement: &Statement| {
        let rows = shop.ask(statement, &asked(statement, &["2", "1"])).await;
        rows.iter().map(|row| (from(&row[0]), (row[1] != Value::NULL).then(|| text(&row[1])))).collect::<Vec<_>>()
    };
    let of = |two: &[&str], one: &[&str]| {
        let each = |number, values: &[&str]| {
            values.iter().map(|value| (number, Some((*value).to_owned()))).collect::<Vec<_>>()
        };
        [each(1, two), each(2, one)].concat()
    };
    assert_eq!(shown(&last).await, of(&["5"], &["3", "4", "1", "2"]));
    assert_eq!(shown(&first).await, of(&["5"], &["2", "3", "4", "1"]));
    assert_eq!(shown(&two).await, of(&["5"], &["1", "3"]));
    let none = |rows: Vec<(i64, Option<String>)>| [vec![(1, None)], rows].concat();
    assert_eq!(shown(&kinds).await, none(of(&[], &["z", "y", "x"])));
    assert_eq!(shown(&two_kinds).await, none(of(&[], &["x", "y"])));

    // Paths and places, as JSON of the server's.
    let schema = json!({ "table": "book", "columns": ["data->a->1->>b", "data->n", "data->>m", "data#>{a,-1}", "place", "data"] });
    let program = shop.compile(schema).await;
    let rows = shop.ask(&only(program).roots_by_range.rows.until, &["1".into()]).await;
    let texts: Vec<_> = rows[0].iter().map(|value| (*value != Value::NULL).then(|| text(value))).collect();
    let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
    assert_eq!(texts[..4], [Some("c"), Some("null"), None, Some("{\"b\": \"c\"}")]);
    assert!(texts[4].unwrap().contains("\"Point\"") && texts[5].unwrap().contains("\"n\": null"), "{texts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_rows_are_chosen_and_ordered_by_mariadb() {
    chosen(Shop::new(Family::MariaDb).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_rows_are_chosen_and_ordered_by_mysql() {
    chosen(Shop::new(Family::MySql).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_keys_are_found_by_an_index_where_json_makes_no_table() {
    keys(Shop::without_json_table().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_rows_are_chosen_and_labels_found_where_json_makes_no_table() {
    chosen(Shop::without_json_table().await).await;
    labels(Shop::without_json_table().await).await;
}
