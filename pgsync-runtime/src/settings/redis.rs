//! The Redis that keeps the state. In: PGSync's `REDIS_*` variables. Out: how to reach it; a warning for each that is set while
//! no Redis is asked for, since PGSync cannot do without one and this program can.
//!
//! Must not: repeat any of the text of a URL, which may hold a password.

use super::reader::Reader;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// How to reach the Redis or Valkey that keeps the state.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// Host name or address (`REDIS_HOST`, or from `REDIS_URL`). Of a cluster, one of its nodes.
    pub host: String,
    /// Port (`REDIS_PORT`).
    pub port: u16,
    /// Whether TLS is spoken (`REDIS_SCHEME` is `rediss`). Certificate and host name are checked.
    pub tls: bool,
    /// User (`REDIS_USER`); only with a password.
    pub user: Option<String>,
    /// Password (`REDIS_AUTH`).
    pub password: Option<SecretString>,
    /// Number of the database (`REDIS_DB`). A cluster has 0 alone.
    pub database: u16,
    /// `REDIS_CA_CERTS`: a PEM file with the roots to trust instead of the system's.
    pub ca_certs: Option<PathBuf>,
    /// `REDIS_CLIENT_CERT` and `_KEY`: PEM files.
    pub client: Option<(PathBuf, PathBuf)>,
    /// How long connecting, and an answer, may take (`REDIS_SOCKET_TIMEOUT`). Default 5 s.
    pub timeout: Duration,
}

impl std::fmt::Display for RedisSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}/{}", self.host, self.port, self.database)
    }
}

/// What acts only with `REDIS_CHECKPOINT`.
const NAMES: [&str; 12] = [
    "REDIS_URL",
    "REDIS_HOST",
    "REDIS_PORT",
    "REDIS_DB",
    "REDIS_SCHEME",
    "REDIS_USER",
    "REDIS_AUTH",
    "REDIS_AUTH_COMMAND",
    "REDIS_SOCKET_TIMEOUT",
    "REDIS_CA_CERTS",
    "REDIS_CLIENT_CERT",
    "REDIS_CLIENT_KEY",
];

const URL: &str = "REDIS_URL is not a URL, accepted is redis://user:password@host:port/database, and rediss:// for TLS; in user and \
     password write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A and % as %25";

/// Reads them where the state is to be kept in Redis.
pub(super) fn redis(reader: &mut Reader) -> Option<RedisSettings> {
    let set: Vec<&str> = NAMES.into_iter().filter(|name| reader.text(name).is_some()).collect();
    if !reader.switch("REDIS_CHECKPOINT") {
        for name in set {
            reader.warn(format!("{name} has no effect: no Redis is used unless REDIS_CHECKPOINT is true"));
        }
        return None;
    }
    let tls = match reader.text_or_default("REDIS_SCHEME").as_str() {
        "redis" | "valkey" => false,
        "rediss" | "valkeys" => true,
        other => {
            reader.reject(format!("REDIS_SCHEME is `{other}`, accepted is redis or rediss"));
            false
        }
    };
    let mut found = RedisSettings {
        host: reader.text_or_default("REDIS_HOST"),
        port: reader.number("REDIS_PORT") as u16,
        tls,
        user: reader.text("REDIS_USER"),
        password: reader.secret("REDIS_AUTH", "REDIS_AUTH_COMMAND"),
        database: reader.number("REDIS_DB") as u16,
        ca_certs: reader.path("REDIS_CA_CERTS"),
        client: reader.pair("REDIS_CLIENT_CERT", "REDIS_CLIENT_KEY"),
        timeout: reader.seconds("REDIS_SOCKET_TIMEOUT"),
    };
    if let Some(text) = reader.text("REDIS_URL")
        && apply(&text, &mut found).is_none()
    {
        reader.reject(URL);
    }
    if found.user.is_some() && found.password.is_none() {
        reader.reject("REDIS_USER is set without REDIS_AUTH");
    }
    Some(found)
}

/// What a URL says wins over the variables.
fn apply(text: &str, found: &mut RedisSettings) -> Option<()> {
    let url = Url::parse(text).ok()?;
    found.tls = match url.scheme() {
        "redis" | "valkey" => false,
        "rediss" | "valkeys" => true,
        _ => return None,
    };
    url.host_str()?.trim_matches(['[', ']']).clone_into(&mut found.host);
    if let Some(port) = url.port() {
        found.port = port;
    }
    if !url.username().is_empty() {
        found.user = Some(decoded(url.username())?);
    }
    if let Some(password) = url.password() {
        found.password = Some(decoded(password)?.into());
    }
    match url.path().trim_matches('/') {
        "" => {}
        number => found.database = number.parse().ok()?,
    }
    Some(())
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}
