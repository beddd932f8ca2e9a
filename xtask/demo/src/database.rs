//! The database of the demo: PostgreSQL, MySQL or MariaDB. In: the URL of a server. Out: a database of the demo's own with the
//! library in it, statements carried out there, and the database gone.

use crate::{Outcome, library};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, OptsBuilder};
use std::path::Path;
use tokio_postgres::{Client, NoTls};

/// The database that the demo makes.
const NAME: &str = "pgsync_demo";

/// A session.
enum Session {
    Postgres(Client),
    Binlog(Conn),
}

/// The demo's database.
pub(crate) struct Database {
    /// Its URL.
    pub(crate) url: String,
    server: String,
    session: Session,
}

impl Database {
    /// Makes it, empty.
    pub(crate) async fn make(server: &str) -> Outcome<Self> {
        let mut admin = Session::open(server).await?;
        admin.run(&format!("DROP DATABASE IF EXISTS {NAME}")).await?;
        admin.run(&format!("CREATE DATABASE {NAME}")).await?;
        let url = url_of(server, NAME);
        let session = Session::open(&url).await?;
        Ok(Self { url, server: server.to_owned(), session })
    }

    /// Fills it with the library of the example, whose folder is given, and with more rows.
    pub(crate) async fn fill(&mut self, example: &Path) -> Outcome {
        match &self.session {
            Session::Postgres(client) => {
                client.batch_execute(&std::fs::read_to_string(example.join("schema.sql"))?).await?;
                client.batch_execute(library::ROWS).await?;
            }
            Session::Binlog(_) => {
                let statements = library::MYSQL.split(";\n").filter(|statement| !statement.trim().is_empty());
                for statement in statements {
                    self.session.run(statement).await?;
                }
            }
        }
        Ok(())
    }

    /// Carries out a statement, which is committed when this returns.
    pub(crate) async fn run(&mut self, statement: &str) -> Outcome {
        self.session.run(statement).await
    }

    /// Removes it; gives what is gone besides the indexes.
    pub(crate) async fn remove(self) -> Outcome<&'static str> {
        drop(self.session);
        let mut admin = Session::open(&self.server).await?;
        let (force, gone) = match admin {
            Session::Postgres(_) => (" WITH (FORCE)", "slot, publication, indexes and database are gone"),
            Session::Binlog(_) => ("", "indexes and database are gone; nothing was set up in the server"),
        };
        admin.run(&format!("DROP DATABASE {NAME}{force}")).await?;
        Ok(gone)
    }
}

impl Session {
    async fn open(url: &str) -> Outcome<Self> {
        if url.starts_with("postgres") {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(connection);
            return Ok(Self::Postgres(client));
        }
        // The driver knows one scheme for both.
        let options = Opts::from_url(&url.replacen("mariadb://", "mysql://", 1))?;
        Ok(Self::Binlog(Conn::new(OptsBuilder::from_opts(options).prefer_socket(false)).await?))
    }

    async fn run(&mut self, statement: &str) -> Outcome {
        match self {
            Self::Postgres(client) => client.batch_execute(statement).await?,
            Self::Binlog(connection) => connection.query_drop(statement).await?,
        }
        Ok(())
    }
}

/// The same server's URL for another database.
fn url_of(server: &str, database: &str) -> String {
    let (head, query) = server.split_once('?').map_or((server, ""), |(head, query)| (head, query));
    let authority = head.find("://").map_or(0, |at| at + 3);
    let base = head[authority..].find('/').map_or(head, |at| &head[..authority + at]);
    if query.is_empty() { format!("{base}/{database}") } else { format!("{base}/{database}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::url_of;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        for (server, expected) in [
            ("postgresql://me@host:1/other?sslmode=disable", "postgresql://me@host:1/mine?sslmode=disable"),
            ("postgresql://host", "postgresql://host/mine"),
            ("mariadb://root@127.0.0.1:3306/", "mariadb://root@127.0.0.1:3306/mine"),
        ] {
            assert_eq!(url_of(server, "mine"), expected);
        }
    }
}
