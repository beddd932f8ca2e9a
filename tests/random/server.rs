//! The server of a seed. In: which one. Out: databases on it, made and removed; its end in good order or in its tracks, and
//! its start.

use super::client::{self, Client};
use super::dialect::Dialect;
use crate::support::binlog_server::{BinlogServer, Family};
use crate::support::cluster::Cluster;
use crate::support::database::Database;
use std::path::Path;

/// A server of this test's own.
pub(super) enum Server {
    Postgres(Cluster),
    Binlog(BinlogServer),
}

/// Which has to survive its crashes: what it has told of a transaction must be on the disk.
const DURABLE: [&str; 2] = ["--innodb-flush-log-at-trx-commit=1", "--sync-binlog=1"];

impl Server {
    pub(super) fn postgres(home: &Path) -> Self {
        Self::Postgres(Cluster::start(home, "max_replication_slots = 20\nmax_wal_senders = 20"))
    }

    pub(super) fn binlog(family: Family) -> Self {
        Self::Binlog(BinlogServer::start(family, &DURABLE))
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::Binlog(server) if server.family == Family::MySql => Dialect::MySql,
            Self::Binlog(_) => Dialect::MariaDb,
        }
    }

    pub(super) fn port(&self) -> u16 {
        match self {
            Self::Postgres(cluster) => cluster.port(),
            Self::Binlog(server) => server.port(),
        }
    }

    /// Ends it, in its tracks or in good order, and starts it again.
    pub(super) fn again(&mut self, crash: bool) {
        match self {
            Self::Postgres(cluster) => {
                if crash {
                    cluster.crash();
                } else {
                    cluster.stop();
                }
                cluster.resume();
            }
            Self::Binlog(server) => {
                if crash {
                    server.crash();
                } else {
                    server.stop();
                }
                server.resume();
            }
        }
    }

    /// Makes a database anew, and gives a session in it; where databases are schemas, another one beside it.
    pub(super) async fn create(&self, name: &str) -> Client {
        match self {
            Self::Postgres(cluster) => Client::Postgres(Database::create(&cluster.url(), name).await.client),
            Self::Binlog(_) => {
                self.remove(name).await;
                let mut admin = client::patient(self.dialect(), self.port(), "mysql").await;
                for name in self.schemas(name) {
                    admin.run(&format!("CREATE DATABASE \"{name}\" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")).await;
                }
                self.client(name).await
            }
        }
    }

    /// The schemas that tables of a database may be in, the usual one first.
    pub(super) fn schemas(&self, name: &str) -> [String; 2] {
        match self {
            Self::Postgres(_) => ["public".to_owned(), "public".to_owned()],
            Self::Binlog(_) => [name.to_owned(), format!("{name}_beside")],
        }
    }

    /// Removes what was made.
    pub(super) async fn remove(&self, name: &str) {
        if let Self::Binlog(_) = self {
            let mut admin = client::patient(self.dialect(), self.port(), "mysql").await;
            // Tables of each refer to tables of the other.
            admin.run("SET foreign_key_checks = 0").await;
            for name in self.schemas(name) {
                admin.run(&format!("DROP DATABASE IF EXISTS \"{name}\"")).await;
            }
        }
    }

    /// A session in a database.
    pub(super) async fn client(&self, name: &str) -> Client {
        client::connect(self.dialect(), self.port(), name).await
    }

    /// Where the program finds a database, by this port.
    pub(super) fn url(&self, port: u16, name: &str) -> String {
        match self.dialect() {
            Dialect::Postgres => format!("postgresql://postgres@127.0.0.1:{port}/{name}"),
            Dialect::MySql => format!("mysql://repl:repl@127.0.0.1:{port}/{name}?sslmode=disable"),
            Dialect::MariaDb => format!("mariadb://repl:repl@127.0.0.1:{port}/{name}?sslmode=disable"),
        }
    }
}
