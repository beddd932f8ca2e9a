//! The one table of environment variables: name, default, meaning. In: nothing. Out: the documentation, and which
//! variables of PGSync have no meaning here.

/// A variable.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its default, as text; empty for none.
    pub default: &'static str,
    /// What it means; empty where it has no meaning here.
    pub meaning: &'static str,
}

const fn known(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default, meaning }
}

const fn ignored(name: &'static str) -> Variable {
    Variable { name, default: "", meaning: "" }
}

/// Every variable, in the order of the documentation.
pub const TABLE: &[Variable] = &[
    known("SCHEMA", "", "The schema file; default of `--config` of `cargo pgsync`."),
    known("PG_URL", "", "`postgresql://user:password@host:port/database?sslmode=...`. Wins over the variables below."),
    known("PG_HOST", "localhost", "Host of PostgreSQL; a path is the directory of a Unix socket."),
    known("PG_PORT", "5432", "Its port."),
    known("PG_USER", "postgres", "The role."),
    known("PG_PASSWORD", "", "Its password."),
    known("PG_DATABASE", "postgres", "The database, where neither the schema file nor `PG_URL` names one."),
    known(
        "PG_SSLMODE",
        "prefer",
        "`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`, as libpq has them.",
    ),
    known("PG_SSLROOTCERT", "", "PEM file with the roots to trust; the system's where it is not set."),
    known("PG_SSLCERT", "", "PEM file with a client certificate."),
    known("PG_SSLKEY", "", "PEM file with its key."),
    known("PGSYNC_APPLICATION_NAME", "pgsync", "`application_name` of every session."),
    known("PGSYNC_SLOT", "", "Name of the replication slot, instead of the one the schema gives."),
    known("PGSYNC_PUBLICATION", "", "Name of the publication, instead of the one the schema gives."),
    known(
        "ELASTICSEARCH_URL",
        "",
        "URL of the engine, OpenSearch too, with or without `user:password@`. Wins over the three below.",
    ),
    known("ELASTICSEARCH_SCHEME", "http", "`http` or `https`."),
    known("ELASTICSEARCH_HOST", "localhost", "Host of the engine."),
    known("ELASTICSEARCH_PORT", "9200", "Its port."),
    known("ELASTICSEARCH_USER", "", "User for basic authentication."),
    known("ELASTICSEARCH_PASSWORD", "", "Its password."),
    known("ELASTICSEARCH_API_KEY_ID", "", "Id of an API key."),
    known("ELASTICSEARCH_API_KEY", "", "The API key; without an id the encoded form of both."),
    known("ELASTICSEARCH_BEARER_AUTH", "", "A bearer token."),
    known("ELASTICSEARCH_VERIFY_CERTS", "true", "Whether the engine's certificate is checked."),
    known("ELASTICSEARCH_CA_CERTS", "", "PEM file with roots to trust besides the system's."),
    known("ELASTICSEARCH_CLIENT_CERT", "", "PEM file with a client certificate."),
    known("ELASTICSEARCH_CLIENT_KEY", "", "PEM file with its key."),
    known("ELASTICSEARCH_TIMEOUT", "60", "Seconds one request may take."),
    known("ELASTICSEARCH_CHUNK_SIZE", "5000", "Most documents of a bulk request."),
    known("ELASTICSEARCH_MAX_CHUNK_BYTES", "8388608", "Most bytes of a bulk request."),
    known("ELASTICSEARCH_THREAD_COUNT", "4", "Bulk requests in flight for one batch."),
    known("ELASTICSEARCH_OPAQUE_ID", "", "Sent as `X-Opaque-Id`."),
    known("PGSYNC_STATE_INDEX", "pgsync-state", "Name of the index that holds positions and generations."),
    known(
        "PGSYNC_WAIT",
        "30",
        "Seconds to try to reach both sides at the start. After that the program tries for ever.",
    ),
    known("PGSYNC_LISTEN", "", "`address:port` where `/healthz` is served; nowhere where it is not set."),
    known("QUERY_CHUNK_SIZE", "2000", "Root rows of one range of a load."),
    known("FILTER_CHUNK_SIZE", "5000", "Most keys that one statement is asked for."),
    known("NUM_WORKERS", "number of processors, 2 to 8", "Sessions that read in a load."),
    known(
        "PGSYNC_LOG",
        "info",
        "Which events are logged, as `tracing` filters them: `warn`, `pgsync_runtime=debug`, ...",
    ),
    ignored("SCHEMA_URL"),
    ignored("S3_SCHEMA_URL"),
    ignored("CHECKPOINT_PATH"),
    ignored("REDIS_CHECKPOINT"),
    ignored("LOGICAL_SLOT_CHUNK_SIZE"),
    ignored("STREAM_RESULTS"),
    ignored("BLOCK_SIZE"),
    ignored("POLL_TIMEOUT"),
    ignored("POLL_INTERVAL"),
    ignored("REPLICATION_SLOT_CLEANUP_INTERVAL"),
    ignored("LOG_INTERVAL"),
    ignored("FORMAT_WITH_COMMAS"),
    ignored("JOIN_QUERIES"),
    ignored("QUERY_LITERAL_BINDS"),
    ignored("USE_ASYNC"),
    ignored("POLLING"),
    ignored("WAL"),
    ignored("SQLALCHEMY_USE_NULLPOOL"),
    ignored("SQLALCHEMY_POOL_SIZE"),
    ignored("SQLALCHEMY_MAX_OVERFLOW"),
    ignored("SQLALCHEMY_POOL_PRE_PING"),
    ignored("SQLALCHEMY_POOL_RECYCLE"),
    ignored("SQLALCHEMY_POOL_TIMEOUT"),
    ignored("PG_DRIVER"),
    ignored("PG_WORK_MEM"),
    ignored("PG_URL_RO"),
    ignored("PG_HOST_RO"),
    ignored("PG_PORT_RO"),
    ignored("PG_USER_RO"),
    ignored("PG_PASSWORD_RO"),
    ignored("REDIS_URL"),
    ignored("REDIS_HOST"),
    ignored("REDIS_PORT"),
    ignored("REDIS_DB"),
    ignored("REDIS_AUTH"),
    ignored("ELASTICSEARCH_HTTP_AUTH"),
    ignored("ELASTICSEARCH_BASIC_AUTH"),
    ignored("ELASTICSEARCH_CLOUD_ID"),
    ignored("ELASTICSEARCH_AWS_HOSTED"),
    ignored("ELASTICSEARCH_AWS_REGION"),
    ignored("OPENSEARCH_AWS_HOSTED"),
    ignored("OPENSEARCH_AWS_SERVERLESS"),
    ignored("ELASTICSEARCH_STREAMING_BULK"),
    ignored("ELASTICSEARCH_HTTP_COMPRESS"),
    ignored("ELASTICSEARCH_MAX_RETRIES"),
    ignored("ELASTICSEARCH_INITIAL_BACKOFF"),
    ignored("ELASTICSEARCH_MAX_BACKOFF"),
    ignored("ELASTICSEARCH_QUEUE_SIZE"),
    ignored("ELASTICSEARCH_RAISE_ON_ERROR"),
    ignored("ELASTICSEARCH_RAISE_ON_EXCEPTION"),
    ignored("ELASTICSEARCH_IGNORE_STATUS"),
];

/// The table as a page of the documentation.
pub fn markdown() -> String {
    let mut page = String::from(
        "# Settings\n\nSettings are environment variables; a `.env` file in the working directory is read first and does not \
         override what is set. The names are PGSync's where it has the setting.\n\n| variable | default | meaning |\n|---|---|---|\n",
    );
    let line = |name: &str, default: &str, meaning: &str| format!("| `{name}` | {default} | {meaning} |\n");
    for variable in TABLE.iter().filter(|variable| !variable.meaning.is_empty()) {
        page.push_str(&line(variable.name, variable.default, variable.meaning));
    }
    page.push_str(
        "\n`ELASTICSEARCH=true` and `OPENSEARCH=true` are accepted and not needed: the engine is asked what it is.\n\nThese \
         variables of PGSync have no meaning here, and a warning says so when one is set: ",
    );
    let ignored = TABLE.iter().filter(|variable| variable.meaning.is_empty());
    page.push_str(&ignored.map(|variable| format!("`{}`", variable.name)).collect::<Vec<_>>().join(", "));
    page.push_str(".\n\n## What every session pins\n\nWhatever the server, the database or the role is configured to, every session of ours sets:\n\n");
    for (name, value) in crate::database::PINNED {
        page.push_str(&format!("- `{name} = {value}`\n"));
    }
    page
}
