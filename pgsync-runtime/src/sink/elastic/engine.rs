//! Which engine it is. In: settings. Out: an [`Engine`] that is known to be one, of a version that is supported.

use super::bulk::Writer;
use super::http::Http;
use crate::settings::EngineSettings;
use crate::sink::MaxVersion;
use crate::sink::Target;
use crate::{Code, Error, ErrorKind, Result};
use pgsync_plan::{EngineFamily, EngineVersion, IndexDefinition};
use reqwest::Method;
use std::fmt;
use std::sync::Arc;

/// A search engine.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) http: Http,
    pub(super) settings: Arc<EngineSettings>,
    version: EngineVersion,
    /// As the engine writes it.
    number: String,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.version.family, self.number)
    }
}

impl Engine {
    /// Asks what answers at the URL.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when nothing answers; [`ErrorKind::Refused`] when it is not an engine, not a supported
    /// version, or refuses the credentials.
    pub async fn connect(settings: &EngineSettings) -> Result<Self> {
        let http = Http::new(settings)?;
        let answer = http.json(Method::GET, "/", None).await?;
        if !answer.ok() {
            return Err(answer.refusal("say what it is"));
        }
        let json = answer.json();
        let number = json["version"]["number"].as_str().unwrap_or_default().to_owned();
        let mut numbers = number.split('.').map(|number| number.parse().ok());
        let family = match json["version"]["distribution"].as_str() {
            Some("opensearch") => EngineFamily::OpenSearch,
            _ => EngineFamily::Elasticsearch,
        };
        let major: u32 = numbers.next().flatten().unwrap_or(0);
        let version = EngineVersion { family, major, minor: numbers.next().flatten() };
        let (first, last) = family.supported();
        let supported = (first..=last).contains(&major);
        if number.is_empty() {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("what answers at {} is not a search engine", settings.url),
            )
            .help("set ELASTICSEARCH_URL to an Elasticsearch or OpenSearch server"));
        }
        let engine = Self { http, settings: Arc::new(settings.clone()), version, number };
        if supported {
            return Ok(engine);
        }
        Err(Error::new(
            ErrorKind::Refused,
            format!("{engine} is not supported; supported are Elasticsearch 7, 8 and 9, and OpenSearch 1, 2 and 3"),
        ))
    }

    /// Whose engine it is.
    pub(super) fn family(&self) -> EngineFamily {
        self.version.family
    }

    /// Whether it answers at all.
    pub(super) async fn answers(&self) -> bool {
        self.http.json(Method::GET, "/", None).await.is_ok_and(|answer| answer.ok())
    }

    /// That it has every word of the mapping of an index.
    ///
    /// # Errors
    /// [`Code::MappingLacked`].
    pub fn check_definition(&self, index: &str, definition: &IndexDefinition) -> Result<()> {
        let lacked = definition.lacked_by(&self.version);
        if lacked.is_empty() {
            return Ok(());
        }
        let lacked: Vec<String> = lacked.iter().map(ToString::to_string).collect();
        Err(Error::coded(
            Code::MappingLacked,
            format!("{self} lacks what the mapping of `{index}` asks for:\n  - {}", lacked.join("\n  - ")),
        )
        .help("write another type into `mapping`, or take the parameter out; `check --engine` says it beforehand"))
    }

    /// A writer to one generation of an index. `ceiling` tells the highest version that can honestly exist.
    pub fn writer(&self, target: &Target, ceiling: MaxVersion) -> Writer {
        Writer::new(self.clone(), target.clone(), ceiling)
    }
}
