//! A case on a MySQL or a MariaDB. In: a case that has a `mysql.sql`, a server. Out: its tables and rows in a database of
//! its own, the catalogue of it, sessions.

use super::case::Case;
use super::spelling::quoted;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder};
use pgsync_codegen::Source;
use pgsync_codegen::catalog::{Catalog, mysql};
use pgsync_plan::Program;

/// A session of who may do everything.
pub(super) async fn connected(port: u16, first: &[String]) -> Conn {
    let options = OptsBuilder::default().ip_or_hostname("127.0.0.1").tcp_port(port).user(Some("root"));
    let mut session = Conn::new(options.prefer_socket(false)).await.unwrap();
    for statement in first {
        session.query_drop(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    session
}

/// Texts are compared letter by letter.
pub(super) const BY_LETTERS: &str = "utf8mb4_bin";

/// Makes the tables of a case and fills them, in a database of this name and collation. Statements end with their line.
pub(super) async fn prepared(port: u16, case: &Case, database: &str, collation: &str) -> Catalog {
    let tables = case.mysql.as_ref().expect("a case that has a mysql.sql");
    // A name may be a word of theirs.
    let create = format!("CREATE DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE {collation}");
    let first = [create, format!("USE `{database}`"), "SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'".to_owned()];
    let mut session = connected(port, &first).await;
    for statement in tables.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        let said = session.query_drop(statement).await;
        said.unwrap_or_else(|error| panic!("{}: {statement}: {error}", case.name));
    }
    // A schema is another database here, where the case has made one.
    let made = |name: &str| {
        let is = |spelled: &str| tables.contains(&format!("CREATE DATABASE IF NOT EXISTS {spelled} "));
        is(name) || is(&quoted(name))
    };
    let mut schemas: Vec<String> = case.schemas().into_iter().filter(|schema| made(schema)).collect();
    schemas.push(database.to_owned());
    mysql::read(&mut session, database, &schemas).await.unwrap()
}

/// Compiles a schema for the catalogue of a server.
pub(super) fn compiled(case: &Case, source: &Source, catalog: &Catalog) -> Program {
    let compiled = pgsync_codegen::compile(source, catalog);
    compiled.unwrap_or_else(|found| panic!("{}: {}", case.name, found.plain())).0
}
