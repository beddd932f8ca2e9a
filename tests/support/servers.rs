//! Addresses of the servers under test. In: environment variables that `cargo xtask test` sets. Out: URLs.

fn url(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run the tests with `cargo xtask test`, which starts the servers")
    })
}

/// The newest supported PostgreSQL, superuser, database `postgres`.
pub fn postgres_newest() -> String {
    url("PGSYNC_TEST_POSTGRES_NEWEST")
}

/// PostgreSQL 15, between the two: several behaviours of the server live only there. Superuser, database `postgres`.
pub fn postgres_middle() -> String {
    url("PGSYNC_TEST_POSTGRES_MIDDLE")
}

/// Name and URL of the three versions that what concerns the server is tested on.
pub fn postgres_versions() -> [(&'static str, String); 3] {
    [("oldest", postgres_oldest()), ("middle", postgres_middle()), ("newest", postgres_newest())]
}

/// The oldest supported PostgreSQL, superuser, database `postgres`.
pub fn postgres_oldest() -> String {
    url("PGSYNC_TEST_POSTGRES_OLDEST")
}

/// PostgreSQL 9.6, which has no `pgoutput`. Superuser, database `postgres`.
pub fn postgres_9_6() -> String {
    url("PGSYNC_TEST_POSTGRES_9_6")
}

/// A PostgreSQL on which PostGIS can be made, superuser, database `postgres`.
pub fn postgis() -> String {
    url("PGSYNC_TEST_POSTGIS")
}

/// OpenSearch 2.
pub fn opensearch() -> String {
    url("PGSYNC_TEST_OPENSEARCH")
}

/// Elasticsearch 8.
pub fn elasticsearch() -> String {
    url("PGSYNC_TEST_ELASTICSEARCH")
}

/// How changes are captured on the server of the matrix that it is the turn of.
pub fn capture_in_turn() -> &'static str {
    if std::env::var("PGSYNC_TEST_CAPTURE").is_ok_and(|capture| capture == "triggers") {
        "triggers"
    } else {
        "replication"
    }
}

/// The engine that tests with `smoke` in their name use: OpenSearch 2, and every other supported engine in turn with
/// `cargo xtask test --engines all`.
pub fn engine_in_turn() -> String {
    url("PGSYNC_TEST_ENGINE")
}
