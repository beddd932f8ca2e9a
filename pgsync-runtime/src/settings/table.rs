//! Every variable: name, type, default, meaning, and whether it acts. From here come the reader's checks, the warnings and
//! `docs/settings.md`.

use std::fmt::Write as _;

/// Whether a variable acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It acts.
    Used,
    /// It is known and has nothing to act on: a warning says so.
    Ignored,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Any text.
    Text,
    /// A text that is never shown.
    Secret,
    /// A command of the shell that prints a secret.
    Command,
    /// The path of a file.
    Path,
    /// Yes or no.
    Switch,
    /// A whole number from the first to the second.
    Number(usize, usize),
    /// Seconds.
    Seconds,
    /// A text of a form of its own.
    Form(&'static str),
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::Secret => f.write_str("secret"),
            Self::Command => f.write_str("command"),
            Self::Path => f.write_str("path"),
            Self::Switch => f.write_str("true or false"),
            Self::Number(least, most) => write!(f, "{least} to {most}"),
            Self::Seconds => f.write_str("seconds"),
            Self::Form(form) => f.write_str(form),
        }
    }
}

/// One variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub ty: Type,
    /// Its default as shown; empty without one.
    pub default: &'static str,
    /// What it means, or why it does not act.
    pub meaning: &'static str,
    /// Whether it acts.
    pub status: Status,
}

const fn used(name: &'static str, ty: Type, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, ty, default, meaning, status: Status::Used }
}

const fn ignored(name: &'static str, meaning: &'static str) -> Variable {
    Variable { name, ty: Type::Text, default: "", meaning, status: Status::Ignored }
}

const REDIS: &str = "changes are queued nowhere";
const POOL: &str = "connections are not pooled that way";
const BULK: &str = "requests are retried with back-off until they succeed";
const WAL_ONLY: &str = "changes are always streamed";
const LOGGING: &str = "logging is set by the command line";
const READ_ONLY: &str = "documents are read from the database that is streamed";
const TLS: &str = "TLS to the engine follows the URL's scheme and ELASTICSEARCH_VERIFY_CERTS";

/// All variables, in the order of the documentation.
pub const VARIABLES: &[Variable] = &[
    used(
        "PG_URL",
        Type::Form("URL"),
        "",
        "`postgres://`, `postgresql://`, `mysql://` or `mariadb://` URL; parts it leaves out come from the variables below",
    ),
    used("PG_HOST", Type::Text, "localhost", "host name, address, or directory of the Unix socket"),
    used("PG_PORT", Type::Number(1, 65535), "5432", "port; MySQL and MariaDB: 3306"),
    used("PG_USER", Type::Text, "", "role; needed unless PG_URL names it"),
    used("PG_PASSWORD", Type::Secret, "", "password"),
    used(
        "PG_PASSWORD_COMMAND",
        Type::Command,
        "",
        "command that prints the password, run by `sh` at the start, in the place of PG_PASSWORD",
    ),
    used(
        "PG_DATABASE",
        Type::Text,
        "postgres",
        "database, where neither the schema nor PG_URL names one; no default for MySQL and MariaDB",
    ),
    used(
        "PG_SSLMODE",
        Type::Form("word"),
        "prefer",
        "disable, allow, prefer, require, verify-ca or verify-full, as libpq means them",
    ),
    used("PG_SSLROOTCERT", Type::Path, "", "PEM file with the authorities to trust; without it the system's"),
    used("PG_SSLCERT", Type::Path, "", "PEM file with the client certificate; needs PG_SSLKEY"),
    used("PG_SSLKEY", Type::Path, "", "PEM file with the client's key"),
    used(
        "PG_APPLICATION_NAME",
        Type::Text,
        "pgsync",
        "`application_name` of every session; must not be a synchronous standby's",
    ),
    used(
        "PG_CHANNEL_BINDING",
        Type::Form("word"),
        "prefer",
        "disable, prefer or require: whether a login by SCRAM is bound to TLS",
    ),
    used("PG_CONNECT_TIMEOUT", Type::Seconds, "10", "seconds one attempt to connect may take"),
    used(
        "PG_DRIVER",
        Type::Form("word"),
        "psycopg2",
        "psycopg2 for PostgreSQL, pymysql for MySQL and MariaDB; the scheme of PG_URL wins",
    ),
    used("ELASTICSEARCH_URL", Type::Form("URL"), "", "URL of the engine, OpenSearch included; may carry user:password"),
    used("ELASTICSEARCH_SCHEME", Type::Form("word"), "http", "http or https, where there is no ELASTICSEARCH_URL"),
    used("ELASTICSEARCH_HOST", Type::Text, "localhost", "host, where there is no ELASTICSEARCH_URL"),
    used("ELASTICSEARCH_PORT", Type::Number(1, 65535), "9200", "port, where there is no ELASTICSEARCH_URL"),
    used("ELASTICSEARCH_USER", Type::Text, "", "user; needs ELASTICSEARCH_PASSWORD"),
    used("ELASTICSEARCH_PASSWORD", Type::Secret, "", "password"),
    used("ELASTICSEARCH_PASSWORD_COMMAND", Type::Command, "", "command that prints the password, likewise"),
    used("ELASTICSEARCH_HTTP_AUTH", Type::Secret, "", "`user,password`"),
    used("ELASTICSEARCH_BASIC_AUTH", Type::Secret, "", "`user:password`"),
    used("ELASTICSEARCH_API_KEY_ID", Type::Text, "", "id of the API key"),
    used("ELASTICSEARCH_API_KEY", Type::Secret, "", "the API key; without an id it is taken as encoded already"),
    used("ELASTICSEARCH_API_KEY_COMMAND", Type::Command, "", "command that prints the API key, likewise"),
    used("ELASTICSEARCH_BEARER_AUTH", Type::Secret, "", "bearer token"),
    used("ELASTICSEARCH_BEARER_AUTH_COMMAND", Type::Command, "", "command that prints the token, likewise"),
    used("ELASTICSEARCH_VERIFY_CERTS", Type::Switch, "true", "whether the engine's certificate is checked"),
    used("ELASTICSEARCH_CA_CERTS", Type::Path, "", "PEM file with authorities to trust besides the system's"),
    used(
        "ELASTICSEARCH_CLIENT_CERT",
        Type::Path,
        "",
        "PEM file with the client certificate; needs ELASTICSEARCH_CLIENT_KEY",
    ),
    used("ELASTICSEARCH_CLIENT_KEY", Type::Path, "", "PEM file with the client's key"),
    used("ELASTICSEARCH_TIMEOUT", Type::Seconds, "60", "seconds one request may take"),
    used("ELASTICSEARCH_MAX_CHUNK_BYTES", Type::Number(1024, 1 << 30), "8388608", "most bytes of a bulk request"),
    used("ELASTICSEARCH_CHUNK_SIZE", Type::Number(1, 1_000_000), "5000", "most actions of a bulk request"),
    used("ELASTICSEARCH_THREAD_COUNT", Type::Number(1, 256), "4", "bulk requests in flight"),
    used("ELASTICSEARCH_OPAQUE_ID", Type::Text, "", "sent as `X-Opaque-Id`"),
    used("ELASTICSEARCH_AWS_HOSTED", Type::Switch, "false", "signed requests; true is refused for now"),
    used("OPENSEARCH_AWS_HOSTED", Type::Switch, "false", "the same"),
    used("ELASTICSEARCH", Type::Switch, "", "accepted and needless: the engine is asked what it is"),
    used("OPENSEARCH", Type::Switch, "", "the same"),
    used("QUERY_CHUNK_SIZE", Type::Number(1, 1_000_000), "2000", "root rows read at once in a load"),
    used("FILTER_CHUNK_SIZE", Type::Number(1, 1_000_000), "5000", "distinct keys asked of one statement"),
    used("NUM_WORKERS", Type::Number(1, 256), "processors + 1, 3 to 8", "connections that read"),
    used(
        "PGSYNC_MEMORY",
        Type::Number(16, 1 << 20),
        "64",
        "megabytes that documents may take between database and engine; a larger one passes alone. Several databases of a \
         file share them",
    ),
    used("PGSYNC_WAIT", Type::Seconds, "30", "seconds to try to reach both sides at start"),
    used(
        "PGSYNC_PATIENCE",
        Type::Seconds,
        "60",
        "seconds PostgreSQL may leave a question of the catalogue unanswered, or the stream silent, before the session \
         counts as lost",
    ),
    used(
        "PGSYNC_STATEMENT_TIMEOUT",
        Type::Seconds,
        "3600",
        "seconds one statement may take that reads rows, or one of bootstrap",
    ),
    used(
        "PGSYNC_LISTEN",
        Type::Form("address"),
        "",
        "port, or address and port, where `/healthz`, `/metrics` and `/caught-up` answer; a port alone is on 127.0.0.1",
    ),
    used(
        "PGSYNC_CAPTURE",
        Type::Form("word"),
        "replication",
        "replication or triggers: how changes of PostgreSQL are captured; triggers need no right of replication, and cost \
         the writer more: [capture-by-triggers.md](capture-by-triggers.md)",
    ),
    used(
        "PGSYNC_SLOT",
        Type::Form("name"),
        "derived from the names of schema file and database",
        "name of the replication slot: at most 63 lower case letters, digits and underscores; not where the file names \
         several databases",
    ),
    used(
        "PGSYNC_PUBLICATION",
        Type::Form("name"),
        "derived from the names of schema file and database",
        "name of the publication; not where the file names several databases",
    ),
    used(
        "PGSYNC_SLOT_BUDGET",
        Type::Number(0, 1 << 50),
        "0",
        "bytes of its log that PostgreSQL may keep for the slot: with more the slot is given up and everything loaded again, \
         rather than the server's disk filled; 0 for however many it takes",
    ),
    used(
        "PGSYNC_STATE_INDEX",
        Type::Form("name"),
        "pgsync-state",
        "index that holds the state; refused documents stand in NAME-quarantine",
    ),
    used(
        "CHECKPOINT_PATH",
        Type::Path,
        "",
        "directory that holds the state instead of the state index; it has to be there, and to outlive the process",
    ),
    used(
        "REDIS_CHECKPOINT",
        Type::Switch,
        "false",
        "keep the state in Redis or Valkey, alone or a cluster, instead of the state index or a directory; the variables below act \
         only with it",
    ),
    used(
        "REDIS_URL",
        Type::Form("URL"),
        "",
        "`redis://user:password@host:port/database`, `rediss://` for TLS; wins over the variables below",
    ),
    used("REDIS_HOST", Type::Text, "localhost", "host name or address; of a cluster, one of its nodes"),
    used("REDIS_PORT", Type::Number(1, 65535), "6379", "port"),
    used(
        "REDIS_SCHEME",
        Type::Form("word"),
        "redis",
        "redis, or rediss for TLS, by which certificate and host name are checked",
    ),
    used("REDIS_DB", Type::Number(0, 65535), "0", "number of the database; a cluster has 0 alone"),
    used("REDIS_USER", Type::Text, "", "user; needs a password"),
    used("REDIS_AUTH", Type::Secret, "", "password"),
    used("REDIS_AUTH_COMMAND", Type::Command, "", "command that prints the password, in the place of REDIS_AUTH"),
    used("REDIS_CA_CERTS", Type::Path, "", "PEM file with the roots to trust instead of the system's"),
    used("REDIS_CLIENT_CERT", Type::Path, "", "PEM file of a client certificate"),
    used("REDIS_CLIENT_KEY", Type::Path, "", "PEM file of its key"),
    used("REDIS_SOCKET_TIMEOUT", Type::Seconds, "5", "seconds that connecting, and an answer, may take"),
    used(
        "PGSYNC_QUARANTINE_LIMIT",
        Type::Number(0, 1_000_000),
        "1000",
        "refused documents that may stand in the quarantine; one more ends the process",
    ),
    used(
        "PGSYNC_AUDIT",
        Type::Seconds,
        "",
        "seconds between two looks of `run` at a range of rows and a page of an index, each held against the other side; without it, it \
         does not look",
    ),
    ignored("ELASTICSEARCH_HTTP_COMPRESS", "requests are sent as they are"),
    ignored("LOGICAL_SLOT_CHUNK_SIZE", WAL_ONLY),
    ignored("STREAM_RESULTS", "reads are bounded by QUERY_CHUNK_SIZE"),
    ignored("BLOCK_SIZE", "reads are bounded by QUERY_CHUNK_SIZE"),
    ignored("POLL_TIMEOUT", WAL_ONLY),
    ignored("POLL_INTERVAL", WAL_ONLY),
    ignored("POLLING", WAL_ONLY),
    ignored("WAL", WAL_ONLY),
    ignored("USE_ASYNC", WAL_ONLY),
    ignored("REPLICATION_SLOT_CLEANUP_INTERVAL", "the slot follows what was indexed"),
    ignored("LOG_INTERVAL", LOGGING),
    ignored("FORMAT_WITH_COMMAS", LOGGING),
    ignored("JOIN_QUERIES", "no triggers are made"),
    ignored("QUERY_LITERAL_BINDS", LOGGING),
    ignored("SQLALCHEMY_USE_NULLPOOL", POOL),
    ignored("SQLALCHEMY_POOL_SIZE", POOL),
    ignored("SQLALCHEMY_MAX_OVERFLOW", POOL),
    ignored("SQLALCHEMY_POOL_PRE_PING", POOL),
    ignored("SQLALCHEMY_POOL_RECYCLE", POOL),
    ignored("SQLALCHEMY_POOL_TIMEOUT", POOL),
    ignored("MYSQL_DATABASE", "the database is named by PG_DATABASE or PG_URL"),
    ignored("USE_UTF8MB4", "sessions always speak it"),
    ignored("PG_WORK_MEM", "set it with ALTER ROLE .. SET work_mem"),
    ignored("PG_URL_RO", READ_ONLY),
    ignored("PG_HOST_RO", READ_ONLY),
    ignored("PG_PORT_RO", READ_ONLY),
    ignored("PG_USER_RO", READ_ONLY),
    ignored("PG_PASSWORD_RO", READ_ONLY),
    ignored("PG_SSLMODE_RO", READ_ONLY),
    ignored("PG_SSLROOTCERT_RO", READ_ONLY),
    ignored("REDIS_POLL_INTERVAL", REDIS),
    ignored("REDIS_READ_CHUNK_SIZE", REDIS),
    ignored("REDIS_WRITE_CHUNK_SIZE", REDIS),
    ignored("REDIS_RETRY_ON_TIMEOUT", "a Redis that does not answer is waited for"),
    ignored("ELASTICSEARCH_CLOUD_ID", "name the engine's address in ELASTICSEARCH_URL"),
    ignored("ELASTICSEARCH_AWS_REGION", "requests are not signed"),
    ignored("OPENSEARCH_AWS_SERVERLESS", "requests are not signed"),
    ignored("ELASTICSEARCH_USE_SSL", TLS),
    ignored("ELASTICSEARCH_SSL_CONTEXT", TLS),
    ignored("ELASTICSEARCH_SSL_VERSION", TLS),
    ignored("ELASTICSEARCH_SSL_ASSERT_FINGERPRINT", TLS),
    ignored("ELASTICSEARCH_SSL_ASSERT_HOSTNAME", TLS),
    ignored("ELASTICSEARCH_SSL_SHOW_WARN", TLS),
    ignored("ELASTICSEARCH_STREAMING_BULK", "bulk requests are always bounded and sent in parallel"),
    ignored("ELASTICSEARCH_MAX_RETRIES", BULK),
    ignored("ELASTICSEARCH_INITIAL_BACKOFF", BULK),
    ignored("ELASTICSEARCH_MAX_BACKOFF", BULK),
    ignored("ELASTICSEARCH_QUEUE_SIZE", BULK),
    ignored("ELASTICSEARCH_POOL_MAXSIZE", BULK),
    ignored("ELASTICSEARCH_RAISE_ON_ERROR", BULK),
    ignored("ELASTICSEARCH_RAISE_ON_EXCEPTION", BULK),
    ignored("ELASTICSEARCH_IGNORE_STATUS", BULK),
    ignored("CONSOLE_LOGGING_HANDLER_MIN_LEVEL", LOGGING),
    ignored("LOG_HANDLERS", LOGGING),
    ignored("GENERAL_LOGGING_LEVEL", LOGGING),
    ignored("CUSTOM_LOGGING", LOGGING),
];

/// The row of a variable that acts.
pub fn find(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

/// The documentation's page.
pub fn page() -> String {
    let mut page = String::from(
        "# Settings\n\nSettings are environment variables. A file `.env` in the working directory is read too; the \
         environment wins over it,\nand flags win over both. An empty value counts as none. Whether something is so is \
         said with true or false, t or f, on or off,\nyes or no, 1 or 0. Durations are seconds and may have decimals. \
         Every wrong value is reported at once.\n\n| Variable | Type | Default | Meaning |\n|---|---|---|---|\n",
    );
    let rows = |status| VARIABLES.iter().filter(move |variable| variable.status == status);
    for Variable { name, ty, default, meaning, .. } in rows(Status::Used) {
        let _ = writeln!(page, "| `{name}` | {ty} | {default} | {meaning} |");
    }
    page.push_str(
        "\n`cargo pgsync` takes the schema file from `--config`, else `SCHEMA`, else `SCHEMA_URL` (an http or https address), else \
         `S3_SCHEMA_URL`\n(`s3://bucket/key`), else `schema.json`. For `s3://` it reads `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, \
         `AWS_SESSION_TOKEN`, `AWS_REGION` (or\n`AWS_DEFAULT_REGION`) and `AWS_ENDPOINT_URL_S3` (or `AWS_ENDPOINT_URL`).\n\nThe URL's parameters `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `channel_binding`, `application_name`, \
         `connect_timeout`,\n`host`, `port`, `user`, `password` and `dbname` mean what the variables of these names mean, \
         and win over them. `options` is\npassed on to the server. Several hosts may be named (`a:5432,b:5432`): the first \
         that is reached and is the primary server\nis used, as with `target_session_attrs=primary`; of MySQL and MariaDB the first that is reached and is not `read_only`. In user and password \
         the characters `/ ? # @ : %` are written escaped\n(`%2F %3F %23 %40 %3A %25`); in `.env` a value is taken as it is \
         written, but for `${NAME}` and `${NAME:-default}`.\n\n## Variables without effect\n\n\
         These are known from PGSync. Setting one is answered with a warning.\n\n| Variable | Why |\n|---|---|\n",
    );
    for Variable { name, meaning, .. } in rows(Status::Ignored) {
        let _ = writeln!(page, "| `{name}` | {meaning} |");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
        if std::env::var_os("PGSYNC_BLESS").is_some() {
            std::fs::write(path, page()).unwrap();
        }
        assert!(std::fs::read_to_string(path).unwrap() == page(), "write docs/settings.md anew with PGSYNC_BLESS=1");
    }

    #[test]
    fn every_name_stands_once() {
        let names: std::collections::BTreeSet<_> = VARIABLES.iter().map(|variable| variable.name).collect();
        assert_eq!(names.len(), VARIABLES.len());
    }
}
