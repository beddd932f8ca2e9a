//! Sessions: what they pin, and what a refusal to open one means.

use super::settings;
use crate::support::database::Database;
use crate::support::servers::{postgres_newest, postgres_oldest};
use pgsync_runtime::internals::settings::SslMode;
use pgsync_runtime::internals::source::postgres::{Connection, refuse_synchronous};
use pgsync_runtime::internals::{ErrorKind, Lsn, database};

#[tokio::test(flavor = "multi_thread")]
async fn the_system_is_identified() {
    for server in [postgres_newest(), postgres_oldest()] {
        let mut connection = Connection::open(&settings(&server)).await.unwrap();
        let identity = connection.identify_system().await.unwrap();
        assert!(identity.system_id.parse::<u64>().unwrap() > 0 && identity.timeline >= 1);
        assert!(identity.position > Lsn::ZERO && connection.pid() > 0);
        connection.drop_slot("source_never_made").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_pinned_and_refusals_named() {
    for (server, name) in [(postgres_newest(), "source_pin_new"), (postgres_oldest(), "source_pin_old")] {
        let database = Database::create(&server, name).await;
        database
            .run(&format!(
                "ALTER DATABASE {name} SET row_security = on; ALTER DATABASE {name} SET statement_timeout = 1;"
            ))
            .await;
        let good = settings(&database.url);
        let client = database::connect(&good).await.unwrap();
        let row = client
            .query_one(
                "SELECT current_setting('row_security'), current_setting('statement_timeout'),
                 current_setting('search_path'), current_setting('application_name')",
                &[],
            )
            .await
            .unwrap();
        let found: Vec<String> = (0..4).map(|column| row.get(column)).collect();
        assert_eq!(found, ["off", "0", "pg_catalog", "pgsync"]);
        refuse_synchronous(&client, 1, "pgsync").await.unwrap();

        let mut wrong = good.clone();
        wrong.database = "source_no_such".into();
        let error = database::connect(&wrong).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
        assert!(error.next_step().is_some());
        assert_eq!(Connection::open(&wrong).await.map(drop).unwrap_err().kind(), ErrorKind::Refused);
        let mut wrong = good.clone();
        wrong.ssl_mode = SslMode::Require;
        let error = database::connect(&wrong).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
        let mut wrong = good.clone();
        wrong.port = 1;
        assert_eq!(database::connect(&wrong).await.unwrap_err().kind(), ErrorKind::Unavailable);
        assert_eq!(Connection::open(&wrong).await.map(drop).unwrap_err().kind(), ErrorKind::Unavailable);
    }
}
