//! From variables to settings. In: the environment, `.env`, overrides of flags and schema. Out: [`Settings`] and warnings.

use super::database::database;
use super::dotenv;
use super::reader::Reader;
use super::redis::redis;
use super::table::{Status, VARIABLES};
use super::{CheckpointSettings, EngineAuth, EngineSettings, Overrides, RunSettings, Settings};
use crate::{Error, ErrorKind, Result};
use base64::Engine as _;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use url::Url;

/// PostgreSQL's names are no longer, in bytes.
const LONGEST_NAME: usize = 63;

impl Settings {
    /// Reads the environment and `.env` in the working directory (the environment wins), applies the overrides, and warns
    /// of variables that have no effect. Every wrong value is in one [`ErrorKind::Usage`].
    pub fn load(overrides: &Overrides) -> Result<Self> {
        let variables = gather(Path::new(".env"), std::env::vars_os())?;
        let (settings, warnings) = Self::from_variables(variables, overrides)?;
        static WARNED: std::sync::Once = std::sync::Once::new();
        WARNED.call_once(|| {
            for warning in warnings {
                tracing::warn!("{warning}");
            }
        });
        Ok(settings)
    }

    /// As [`Self::load`], from these variables; the warnings are returned.
    pub fn from_variables(variables: BTreeMap<String, String>, overrides: &Overrides) -> Result<(Self, Vec<String>)> {
        let mut warnings: Vec<String> = VARIABLES
            .iter()
            .filter(|row| row.status == Status::Ignored && variables.get(row.name).is_some_and(|text| !text.is_empty()))
            .map(|row| format!("{} has no effect: {}", row.name, row.meaning))
            .collect();
        let mut reader = Reader::new(variables);
        let settings = read(&mut reader, overrides);
        warnings.append(&mut reader.warnings());
        reader.finish()?;
        Ok((settings, warnings))
    }
}

/// What a `.env` file holds.
const LINES: &str = "it holds lines of UTF-8 text, NAME=value; values with blanks at their ends stand in quotes";

/// The variables of a file, and of the environment those that are known, which win.
pub(super) fn gather(
    path: &Path,
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, value) in environment {
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => drop(variables.insert(name, value)),
            Err(_) if VARIABLES.iter().any(|row| row.name == name) => wrong.push(name),
            Err(_) => {}
        }
    }
    if !wrong.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("{} is not UTF-8 text", wrong.join(", "))));
    }
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(variables),
        Err(error) => {
            return Err(Error::new(ErrorKind::Usage, format!("{} cannot be read", path.display()))
                .source(error)
                .help(LINES));
        }
    };
    let mut all = dotenv::parse(&text, |name| variables.get(name).cloned()).map_err(|line| {
        Error::new(ErrorKind::Usage, format!("{} is malformed at line {line}", path.display())).help(LINES)
    })?;
    all.append(&mut variables);
    Ok(all)
}

pub(super) fn read(reader: &mut Reader, overrides: &Overrides) -> Settings {
    Settings { database: database(reader, overrides), engine: engine(reader), run: run(reader, overrides) }
}

fn engine(reader: &mut Reader) -> EngineSettings {
    for name in ["ELASTICSEARCH", "OPENSEARCH"] {
        reader.switch(name);
    }
    for name in ["ELASTICSEARCH_AWS_HOSTED", "OPENSEARCH_AWS_HOSTED"] {
        if reader.switch(name) {
            reader.reject(format!("{name} is true: signed requests are not supported yet"));
        }
    }
    let (url, from_url) = engine_url(reader);
    let mut found = Vec::new();
    if let Some(auth) = from_url {
        found.push(("ELASTICSEARCH_URL", auth));
    }
    match (reader.text("ELASTICSEARCH_USER"), reader.secret("ELASTICSEARCH_PASSWORD", "ELASTICSEARCH_PASSWORD_COMMAND"))
    {
        (Some(user), Some(password)) => {
            // The same account is often given both ways.
            if found.is_empty() {
                found.push(("ELASTICSEARCH_USER", EngineAuth::Basic(user, password)));
            }
        }
        (None, None) => {}
        (Some(_), None) => reader.reject("ELASTICSEARCH_USER is set without ELASTICSEARCH_PASSWORD"),
        (None, Some(_)) => reader.reject("ELASTICSEARCH_PASSWORD is set without ELASTICSEARCH_USER"),
    }
    for (name, separator) in [("ELASTICSEARCH_HTTP_AUTH", ','), ("ELASTICSEARCH_BASIC_AUTH", ':')] {
        match reader.text(name).as_deref().map(|text| text.split_once(separator)) {
            Some(Some((user, password))) => {
                found.push((name, EngineAuth::Basic(user.to_owned(), password.to_owned().into())));
            }
            Some(None) => reader.reject(format!("{name} is not of the form user{separator}password")),
            None => {}
        }
    }
    match (
        reader.text("ELASTICSEARCH_API_KEY_ID"),
        reader.secret("ELASTICSEARCH_API_KEY", "ELASTICSEARCH_API_KEY_COMMAND"),
    ) {
        (Some(id), Some(key)) => {
            let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{}", key.expose_secret()));
            found.push(("ELASTICSEARCH_API_KEY", EngineAuth::ApiKey(encoded.into())));
        }
        (None, Some(key)) => found.push(("ELASTICSEARCH_API_KEY", EngineAuth::ApiKey(key))),
        (Some(_), None) => reader.reject("ELASTICSEARCH_API_KEY_ID is set without ELASTICSEARCH_API_KEY"),
        (None, None) => {}
    }
    if let Some(token) = reader.secret("ELASTICSEARCH_BEARER_AUTH", "ELASTICSEARCH_BEARER_AUTH_COMMAND") {
        found.push(("ELASTICSEARCH_BEARER_AUTH", EngineAuth::Bearer(token)));
    }
    if found.len() > 1 {
        let names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
        reader.reject(format!("{} are set, accepted is one way to authenticate", names.join(" and ")));
    }
    EngineSettings {
        url,
        auth: found.pop().map_or(EngineAuth::None, |(_, auth)| auth),
        verify_certs: reader.switch("ELASTICSEARCH_VERIFY_CERTS"),
        ca_certs: reader.path("ELASTICSEARCH_CA_CERTS"),
        client: reader.pair("ELASTICSEARCH_CLIENT_CERT", "ELASTICSEARCH_CLIENT_KEY"),
        timeout: reader.seconds("ELASTICSEARCH_TIMEOUT"),
        max_chunk_bytes: reader.number("ELASTICSEARCH_MAX_CHUNK_BYTES"),
        chunk_size: reader.number("ELASTICSEARCH_CHUNK_SIZE"),
        in_flight: reader.number("ELASTICSEARCH_THREAD_COUNT"),
        opaque_id: reader.text("ELASTICSEARCH_OPAQUE_ID"),
        state_index: state_index(reader),
        checkpoint: checkpoint(reader),
    }
}

/// The URL without credentials or a slash at its end, and the credentials.
fn engine_url(reader: &mut Reader) -> (String, Option<EngineAuth>) {
    let scheme = reader.text_or_default("ELASTICSEARCH_SCHEME");
    let host = reader.text_or_default("ELASTICSEARCH_HOST");
    let port = reader.number("ELASTICSEARCH_PORT");
    let given = reader.text("ELASTICSEARCH_URL");
    let text = given.clone().unwrap_or_else(|| format!("{scheme}://{host}:{port}"));
    if given.is_none() && reader.text("ELASTICSEARCH_HOST").is_none() {
        reader.assume(format!(
            "neither ELASTICSEARCH_URL nor ELASTICSEARCH_HOST is set: the engine is looked for at {text}"
        ));
    }
    let parsed = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(mut url) = parsed else {
        reader.reject(if given.is_some() {
            "ELASTICSEARCH_URL is not a URL, accepted is https://user:password@host:port".to_owned()
        } else {
            "ELASTICSEARCH_SCHEME, _HOST and _PORT do not make a URL, accepted are http or https, a host and a port"
                .to_owned()
        });
        return (String::new(), None);
    };
    let password: SecretString = decoded(url.password().unwrap_or_default()).into();
    let auth = (!url.username().is_empty()).then(|| EngineAuth::Basic(decoded(url.username()), password));
    // Neither fails on a URL that has a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    (url.as_str().trim_end_matches('/').to_owned(), auth)
}

// PGSync's users have both set, and there Redis wins too.
fn checkpoint(reader: &mut Reader) -> CheckpointSettings {
    match (redis(reader), reader.path("CHECKPOINT_PATH")) {
        (Some(redis), _) => CheckpointSettings::Redis(redis),
        (None, Some(path)) => CheckpointSettings::Directory(path),
        (None, None) => CheckpointSettings::Index,
    }
}

fn state_index(reader: &mut Reader) -> String {
    let name = reader.text_or_default("PGSYNC_STATE_INDEX");
    let wrong = name.starts_with(['-', '_', '+'])
        || [".", ".."].contains(&name.as_str())
        || name.chars().any(|c| c.is_uppercase() || "\\/*?\"<>| ,#:".contains(c));
    if wrong {
        reader.reject(format!(
            "PGSYNC_STATE_INDEX is `{name}`, accepted is a name in lower case without \\ / * ? \" < > | , # : or blanks"
        ));
    }
    name
}

fn run(reader: &mut Reader, overrides: &Overrides) -> RunSettings {
    let listen = reader.text("PGSYNC_LISTEN").and_then(|text| {
        crate::health::address(&text).map_err(|why| reader.reject(format!("PGSYNC_LISTEN is `{text}`, {why}"))).ok()
    });
    let readers = match (overrides.readers, reader.text("NUM_WORKERS")) {
        (Some(readers), _) => readers,
        (None, Some(text)) => reader.parse_number("NUM_WORKERS", &text),
        (None, None) => std::thread::available_parallelism().map_or(3, |count| count.get() + 1).clamp(3, 8),
    };
    let slot = reader.text("PGSYNC_SLOT");
    // The server takes longer ones too, and cuts them without a word.
    let plain = |name: &String| {
        name.len() <= LONGEST_NAME && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if let Some(slot) = slot.as_ref().filter(|slot| !plain(slot)) {
        reader.reject(format!(
            "PGSYNC_SLOT is `{slot}`, accepted are at most {LONGEST_NAME} lower case letters, digits and underscores"
        ));
    }
    let audit = reader.text("PGSYNC_AUDIT").map(|text| reader.parse_seconds("PGSYNC_AUDIT", &text));
    let publication = reader.text("PGSYNC_PUBLICATION");
    if let Some(name) = publication.as_ref().filter(|name| name.len() > LONGEST_NAME) {
        reader.reject(format!("PGSYNC_PUBLICATION is `{name}`, accepted are at most {LONGEST_NAME} bytes"));
    }
    RunSettings {
        wait: overrides.wait.unwrap_or_else(|| reader.seconds("PGSYNC_WAIT")),
        listen: overrides.listen.or(listen),
        range_rows: reader.number("QUERY_CHUNK_SIZE"),
        readers,
        memory: reader.number("PGSYNC_MEMORY") << 20,
        keys_per_statement: reader.number("FILTER_CHUNK_SIZE"),
        audit,
        quarantine_limit: reader.number("PGSYNC_QUARANTINE_LIMIT"),
        slot_budget: reader.number("PGSYNC_SLOT_BUDGET") as u64,
        slot,
        publication,
        assumed: reader.assumed(),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
