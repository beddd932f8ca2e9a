//! Reading the settings. In: environment, `.env`, flags. Out: [`Settings`], or one error that names every variable that
//! cannot be used. Values of secrets do not appear in it.

use super::{DatabaseSettings, EngineAuth, EngineSettings, RunSettings, Settings, SslMode, TABLE};
use crate::{Error, ErrorKind, Result};
use base64::Engine as _;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use url::Url;

/// Flags that override variables.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--wait`, in seconds.
    pub wait: Option<u64>,
    /// `--listen`.
    pub listen: Option<SocketAddr>,
    /// The database that the schema file names.
    pub database: Option<String>,
}

/// Variables, and what is wrong with them.
struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    wrong: Vec<String>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).filter(|value| !value.is_empty())
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    fn parse<T: FromStr<Err: Display>>(&mut self, name: &str, what: &str, default: T) -> T {
        let Some(text) = self.text(name) else { return default };
        text.trim().parse().unwrap_or_else(|error| {
            self.wrong.push(format!("{name} is `{text}`, accepted is {what} ({error})"));
            default
        })
    }

    fn flag(&mut self, name: &str, default: bool) -> bool {
        match self.text(name).map(|text| text.to_ascii_lowercase()).as_deref() {
            None => default,
            Some("true" | "1" | "yes" | "on") => true,
            Some("false" | "0" | "no" | "off") => false,
            Some(other) => {
                self.wrong.push(format!("{name} is `{other}`, accepted are true and false"));
                default
            }
        }
    }

    fn file(&mut self, name: &str) -> Option<PathBuf> {
        let path = PathBuf::from(self.text(name)?);
        if !path.is_file() {
            self.wrong.push(format!("{name} is `{}`, which is not a file", path.display()));
        }
        Some(path)
    }

    fn pair(&mut self, certificate: &str, key: &str) -> Option<(PathBuf, PathBuf)> {
        match (self.file(certificate), self.file(key)) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => {
                self.wrong.push(format!("{certificate} and {key} belong together: one of them is not set"));
                None
            }
        }
    }

    fn ssl_mode(&mut self, name: &str, text: &str) -> SslMode {
        match text.to_ascii_lowercase().as_str() {
            "disable" => SslMode::Disable,
            "allow" | "prefer" => SslMode::Prefer,
            "require" => SslMode::Require,
            "verify-ca" => SslMode::VerifyCa,
            "verify-full" => SslMode::VerifyFull,
            other => {
                self.wrong.push(format!(
                    "{name} is `{other}`, accepted are disable, allow, prefer, require, verify-ca and verify-full"
                ));
                SslMode::Prefer
            }
        }
    }
}

impl Settings {
    /// Reads `.env` and the environment.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`], naming every variable that cannot be used.
    pub fn load(flags: &Flags) -> Result<Self> {
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            Err(error) => return Err(Error::new(ErrorKind::Usage, "the file .env cannot be read").source(error)),
        }
        for variable in TABLE.iter().filter(|variable| variable.meaning.is_empty()) {
            if std::env::var_os(variable.name).is_some() {
                tracing::warn!("{} has no meaning here and is ignored", variable.name);
            }
        }
        Self::from_variables(flags, &|name| std::env::var(name).ok())
    }

    /// Reads variables through `get`.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn from_variables(flags: &Flags, get: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let mut reader = Reader { get, wrong: Vec::new() };
        let settings =
            Self { database: database(&mut reader, flags), engine: engine(&mut reader), run: run(&mut reader, flags) };
        if reader.wrong.is_empty() {
            return Ok(settings);
        }
        Err(Error::new(ErrorKind::Usage, format!("the settings cannot be used:\n  - {}", reader.wrong.join("\n  - ")))
            .help("docs/settings.md lists every setting"))
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn database(reader: &mut Reader<'_>, flags: &Flags) -> DatabaseSettings {
    let mode = reader.text("PG_SSLMODE");
    let mut settings = DatabaseSettings {
        host: reader.text("PG_HOST").unwrap_or_else(|| "localhost".to_owned()),
        port: reader.parse("PG_PORT", "a port", 5432),
        user: reader.text("PG_USER").unwrap_or_else(|| "postgres".to_owned()),
        password: reader.secret("PG_PASSWORD"),
        database: reader.text("PG_DATABASE").unwrap_or_else(|| "postgres".to_owned()),
        ssl_mode: mode.map_or(SslMode::Prefer, |mode| reader.ssl_mode("PG_SSLMODE", &mode)),
        ssl_root_cert: reader.file("PG_SSLROOTCERT"),
        ssl_client: reader.pair("PG_SSLCERT", "PG_SSLKEY"),
        application_name: reader.text("PGSYNC_APPLICATION_NAME").unwrap_or_else(|| "pgsync".to_owned()),
        connect_timeout: Duration::from_secs(10),
    };
    if let Some(text) = reader.text("PG_URL") {
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => from_url(reader, &mut settings, &url),
            // The text may hold a password, so it is not shown.
            _ => reader
                .wrong
                .push("PG_URL is not a URL of the form postgresql://user:password@host:port/database".to_owned()),
        }
    }
    if let Some(database) = &flags.database {
        settings.database.clone_from(database);
    }
    settings
}

fn from_url(reader: &mut Reader<'_>, settings: &mut DatabaseSettings, url: &Url) {
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        settings.host = decoded(host.trim_start_matches('[').trim_end_matches(']'));
    }
    settings.port = url.port().unwrap_or(5432);
    if !url.username().is_empty() {
        settings.user = decoded(url.username());
    }
    if let Some(password) = url.password() {
        settings.password = Some(SecretString::from(decoded(password)));
    }
    let path = url.path().trim_start_matches('/');
    if !path.is_empty() {
        settings.database = decoded(path);
    }
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "sslmode" => settings.ssl_mode = reader.ssl_mode("sslmode in PG_URL", &value),
            "sslrootcert" => settings.ssl_root_cert = Some(PathBuf::from(value.as_ref())),
            "application_name" => settings.application_name = value.into_owned(),
            "host" => settings.host = value.into_owned(),
            "connect_timeout" => match value.parse() {
                Ok(seconds) => settings.connect_timeout = Duration::from_secs(seconds),
                Err(_) => reader.wrong.push("connect_timeout in PG_URL is not a number of seconds".to_owned()),
            },
            other => reader.wrong.push(format!(
                "`{other}` in PG_URL is not known; accepted are sslmode, sslrootcert, application_name, host and connect_timeout"
            )),
        }
    }
}

fn engine(reader: &mut Reader<'_>) -> EngineSettings {
    let scheme = reader.text("ELASTICSEARCH_SCHEME").unwrap_or_else(|| "http".to_owned());
    let host = reader.text("ELASTICSEARCH_HOST").unwrap_or_else(|| "localhost".to_owned());
    let port = reader.parse("ELASTICSEARCH_PORT", "a port", 9200_u16);
    let mut auth = auth(reader);
    let mut address = format!("{scheme}://{host}:{port}");
    if let Some(text) = reader.text("ELASTICSEARCH_URL") {
        match Url::parse(&text) {
            Ok(mut url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                if !url.username().is_empty() && matches!(auth, EngineAuth::None) {
                    let password = decoded(url.password().unwrap_or_default());
                    auth = EngineAuth::Basic(decoded(url.username()), SecretString::from(password));
                }
                // Cannot fail for a URL with a host.
                let _ = url.set_username("").and_then(|()| url.set_password(None));
                address = url.as_str().trim_end_matches('/').to_owned();
            }
            _ => reader
                .wrong
                .push("ELASTICSEARCH_URL is not a URL of the form https://user:password@host:port".to_owned()),
        }
    }
    EngineSettings {
        url: address,
        auth,
        verify_certs: reader.flag("ELASTICSEARCH_VERIFY_CERTS", true),
        ca_certs: reader.file("ELASTICSEARCH_CA_CERTS"),
        client: reader.pair("ELASTICSEARCH_CLIENT_CERT", "ELASTICSEARCH_CLIENT_KEY"),
        timeout: Duration::from_secs_f64(
            reader.parse("ELASTICSEARCH_TIMEOUT", "a number of seconds", 60.0_f64).max(1.0),
        ),
        max_chunk_bytes: reader.parse("ELASTICSEARCH_MAX_CHUNK_BYTES", "a number of bytes", 8 << 20),
        chunk_size: reader.parse("ELASTICSEARCH_CHUNK_SIZE", "a number", 5000_usize).max(1),
        in_flight: reader.parse("ELASTICSEARCH_THREAD_COUNT", "a number", 4_usize).max(1),
        opaque_id: reader.text("ELASTICSEARCH_OPAQUE_ID"),
        state_index: reader.text("PGSYNC_STATE_INDEX").unwrap_or_else(|| "pgsync-state".to_owned()),
    }
}

fn auth(reader: &mut Reader<'_>) -> EngineAuth {
    let user = reader.text("ELASTICSEARCH_USER");
    let password = reader.secret("ELASTICSEARCH_PASSWORD");
    if let Some(key) = reader.text("ELASTICSEARCH_API_KEY") {
        let encoded = match reader.text("ELASTICSEARCH_API_KEY_ID") {
            Some(id) => base64::engine::general_purpose::STANDARD.encode(format!("{id}:{key}")),
            None => key,
        };
        return EngineAuth::ApiKey(SecretString::from(encoded));
    }
    if let Some(token) = reader.secret("ELASTICSEARCH_BEARER_AUTH") {
        return EngineAuth::Bearer(token);
    }
    match (user, password) {
        (Some(user), Some(password)) => EngineAuth::Basic(user, password),
        (None, None) => EngineAuth::None,
        _ => {
            reader.wrong.push(
                "ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD belong together: one of them is not set".to_owned(),
            );
            EngineAuth::None
        }
    }
}

fn run(reader: &mut Reader<'_>, flags: &Flags) -> RunSettings {
    let wait = reader.parse("PGSYNC_WAIT", "a number of seconds", 30_u64);
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let listen = reader.text("PGSYNC_LISTEN").and_then(|text| match text.parse() {
        Ok(address) => Some(address),
        Err(_) => {
            reader.wrong.push(format!("PGSYNC_LISTEN is `{text}`, accepted is address:port, such as 0.0.0.0:8080"));
            None
        }
    });
    RunSettings {
        wait: Duration::from_secs(flags.wait.unwrap_or(wait)),
        listen: flags.listen.or(listen),
        range_rows: reader.parse("QUERY_CHUNK_SIZE", "a number", 2000_usize).max(1),
        readers: reader.parse("NUM_WORKERS", "a number", processors.clamp(2, 8)).max(1),
        keys_per_statement: reader.parse("FILTER_CHUNK_SIZE", "a number", 5000_usize).max(1),
        slot: reader.text("PGSYNC_SLOT"),
        publication: reader.text("PGSYNC_PUBLICATION"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn load(variables: &[(&str, &str)]) -> Result<Settings> {
        let variables: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Settings::from_variables(&Flags::default(), &move |name| {
            variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn a_url_wins_and_is_decoded() {
        let settings = load(&[
            ("PG_URL", "postgres://me%40here:p%3Aw@db.example:5433/my%20db?sslmode=verify-full"),
            ("PG_HOST", "elsewhere"),
            ("ELASTICSEARCH_URL", "https://kim:s%2Fecret@search.example:9243/"),
        ])
        .unwrap();
        let database = &settings.database;
        assert_eq!((database.host.as_str(), database.port, database.user.as_str()), ("db.example", 5433, "me@here"));
        assert_eq!((database.database.as_str(), database.ssl_mode), ("my db", SslMode::VerifyFull));
        assert_eq!(database.password.as_ref().unwrap().expose_secret(), "p:w");
        assert_eq!(settings.engine.url, "https://search.example:9243");
        let EngineAuth::Basic(user, password) = &settings.engine.auth else { panic!("not basic") };
        assert_eq!((user.as_str(), password.expose_secret()), ("kim", "s/ecret"));
    }

    #[test]
    fn everything_wrong_is_named_at_once_and_no_secret_is_shown() {
        let error = load(&[
            ("PG_PORT", "5432x"),
            ("PG_SSLMODE", "sometimes"),
            ("PG_URL", "mysql://root:hunter2@localhost/x"),
            ("ELASTICSEARCH_VERIFY_CERTS", "maybe"),
            ("ELASTICSEARCH_USER", "kim"),
        ])
        .unwrap_err();
        let text = error.to_string();
        for part in [
            "PG_PORT is `5432x`",
            "PG_SSLMODE is `sometimes`",
            "PG_URL",
            "VERIFY_CERTS is `maybe`",
            "ELASTICSEARCH_USER and",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(error.exit_code(), 2);
        let settings = load(&[("PG_PASSWORD", "hunter2"), ("ELASTICSEARCH_BEARER_AUTH", "hunter2")]).unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
