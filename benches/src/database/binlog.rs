//! MySQL and MariaDB. In: a URL. Out: sessions, databases that are filled once and copied, and a server that has come to rest.
//!
//! What fills a database is kept out of the log: a program that reads the log from its beginning, as PGSync does on MariaDB,
//! then meets the changes that it is timed by and nothing else.

use super::{Database, url_of};
use crate::Outcome;
use futures_util::future::try_join_all;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, OptsBuilder};
use std::time::{Duration, Instant};

/// The table that says of a template that it is complete.
const FILLED: &str = "filled";

/// The driver knows one scheme for both.
fn options(url: &str) -> Outcome<Opts> {
    Ok(Opts::from_url(&url.replacen("mariadb://", "mysql://", 1))?)
}

/// Opens a session.
pub(crate) async fn connect(url: &str) -> Outcome<Conn> {
    let options = OptsBuilder::from_opts(options(url)?).prefer_socket(false).tcp_nodelay(true);
    Ok(Conn::new(options).await?)
}

/// Host, port and user of a URL.
pub(crate) fn address(url: &str) -> Outcome<[String; 3]> {
    let options = options(url)?;
    let user = options.user().unwrap_or("root").to_owned();
    Ok([options.ip_or_hostname().to_owned(), options.tcp_port().to_string(), user])
}

/// Carries out a statement; an error says which.
pub(crate) async fn run(connection: &mut Conn, statement: &str) -> Outcome {
    connection.query_drop(statement).await.map_err(|error| {
        let begin: String = statement.chars().take(200).collect();
        format!("{error}, in: {begin}").into()
    })
}

/// A session that fills: nothing of it comes into the log, and rows are not compared with those they refer to.
async fn filling(url: &str) -> Outcome<Conn> {
    let mut connection = connect(url).await?;
    run(
        &mut connection,
        "SET sql_log_bin = 0, foreign_key_checks = 0, unique_checks = 0, group_concat_max_len = 10000",
    )
    .await?;
    Ok(connection)
}

/// Makes a template of these statements where there is none of that name.
pub(crate) async fn template(server: &str, name: &str, sql: &str) -> Outcome {
    let mut admin = filling(server).await?;
    let filled = format!(
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '{name}' AND table_name = '{FILLED}'"
    );
    if admin.query_first::<u64, _>(filled).await? == Some(1) {
        return Ok(());
    }
    println!("filling {name}");
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {name}")).await?;
    run(&mut admin, &format!("CREATE DATABASE {name}")).await?;
    let mut connection = filling(&url_of(server, name)).await?;
    for statement in sql.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        run(&mut connection, statement).await?;
    }
    run(&mut connection, "DROP TABLE digit, number, word, sentence").await?;
    for function in ["pick", "word_of", "capital"] {
        run(&mut connection, &format!("DROP FUNCTION {function}")).await?;
    }
    run(&mut connection, &format!("CREATE TABLE {FILLED} (id INTEGER PRIMARY KEY)")).await
}

/// Makes a fresh copy of a template. The log begins anew: it holds that the copy was made, and none of its rows.
pub(crate) async fn copy(database: Database, server: &str, template: &str, name: &str) -> Outcome {
    let mut admin = connect(server).await?;
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {name}")).await?;
    let reset = match database {
        Database::Mysql => "RESET BINARY LOGS AND GTIDS",
        Database::Mariadb | Database::Postgres => "RESET MASTER",
    };
    run(&mut admin, reset).await?;
    run(&mut admin, &format!("CREATE DATABASE {name}")).await?;
    let tables: Vec<String> = admin
        .query(format!(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = '{template}' AND table_name <> '{FILLED}'"
        ))
        .await?;
    let url = url_of(server, name);
    let url = &url;
    try_join_all(tables.iter().map(|table| async move {
        let mut connection = filling(url).await?;
        let definition: Option<(String, String)> =
            connection.query_first(format!("SHOW CREATE TABLE {template}.{table}")).await?;
        let (_, definition) = definition.ok_or("the template has lost a table")?;
        run(&mut connection, &definition).await?;
        run(&mut connection, &format!("INSERT INTO {table} SELECT * FROM {template}.{table}")).await?;
        run(&mut connection, &format!("ANALYZE TABLE {table}")).await
    }))
    .await?;
    Ok(())
}

/// Ends what works in a database, and removes it. A statement goes on whose client is gone, and would be waited for.
pub(crate) async fn drop_database(server: &str, name: &str) -> Outcome {
    let mut admin = connect(server).await?;
    let sessions: Vec<u64> =
        admin.query(format!("SELECT id FROM information_schema.processlist WHERE db = '{name}'")).await?;
    for session in sessions {
        // It may have ended meanwhile.
        let _ = admin.query_drop(format!("KILL {session}")).await;
    }
    run(&mut admin, &format!("DROP DATABASE IF EXISTS {name}")).await
}

/// Removes every database whose name begins so.
pub(crate) async fn sweep(server: &str, begin: &str) -> Outcome {
    let mut admin = connect(server).await?;
    let all: Vec<String> = admin.query("SELECT schema_name FROM information_schema.schemata").await?;
    for name in all.iter().filter(|name| name.starts_with(begin)) {
        drop_database(server, name).await?;
    }
    Ok(())
}

/// Writes changed pages down, which the server would do while the next run is timed.
pub(crate) async fn settle(server: &str) -> Outcome {
    let mut admin = connect(server).await?;
    let mut before = Vec::new();
    for share in ["innodb_max_dirty_pages_pct", "innodb_max_dirty_pages_pct_lwm"] {
        let value: Option<f64> = admin.query_first(format!("SELECT @@GLOBAL.{share} + 0e0")).await?;
        before.push((share, value.unwrap_or_default()));
    }
    run(&mut admin, "SET GLOBAL innodb_max_dirty_pages_pct = 0").await?;
    let limit = Instant::now() + Duration::from_secs(60);
    while dirty(&mut admin).await? > 100 && Instant::now() < limit {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for (share, value) in before {
        run(&mut admin, &format!("SET GLOBAL {share} = {value}")).await?;
    }
    Ok(())
}

async fn dirty(admin: &mut Conn) -> Outcome<u64> {
    let row: Option<(String, String)> =
        admin.query_first("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'").await?;
    Ok(row.ok_or("the server does not count its pages")?.1.parse()?)
}

/// One number that a query gives.
pub(crate) async fn number(url: &str, query: &str) -> Outcome<f64> {
    let number: Option<f64> = connect(url).await?.query_first(query).await?;
    number.ok_or_else(|| format!("no answer to {query}").into())
}

/// Settings of the server, by name.
pub(crate) async fn settings(server: &str, names: &[&str]) -> Outcome<Vec<(String, String)>> {
    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let question = format!("SHOW GLOBAL VARIABLES WHERE variable_name IN ({})", names.join(", "));
    Ok(connect(server).await?.query(question).await?)
}
