//! One database per test, dropped and made again at each run.

use tokio_postgres::{Client, NoTls};

/// A database on one of the servers.
pub struct Database {
    /// Name of the database.
    pub name: String,
    /// URL of the server with the database in its path.
    pub url: String,
    /// A superuser's session in it.
    pub client: Client,
}

impl Database {
    /// Makes the database anew: whatever used it before is ended, its slots included.
    pub async fn create(server: &str, name: &str) -> Self {
        let admin = connect(server).await;
        admin
            .batch_execute(&format!(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = '{name}' AND active;
                 SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}';"
            ))
            .await
            .unwrap();
        for _ in 0..100 {
            let dropped = admin
                .batch_execute(&format!(
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '{name}'"
                ))
                .await;
            if dropped.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\"")).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE \"{name}\"")).await.unwrap();
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        let client = connect(&url).await;
        Self { name: name.to_owned(), url, client }
    }

    /// Runs statements; a failure fails the test.
    pub async fn run(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// Opens the session again, after the server has ended it.
    pub async fn reconnect(&mut self) {
        self.client = connect(&self.url).await;
    }

    /// Another session in this database.
    pub async fn session(&self) -> Client {
        connect(&self.url).await
    }
}

/// A plain session.
pub async fn connect(url: &str) -> Client {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    tokio::spawn(connection);
    client
}
