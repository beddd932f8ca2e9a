//! Which engine it is. In: settings. Out: an [`Engine`] that is known to be one, of a version that is supported.

use super::bulk::Writer;
use super::http::Http;
use crate::settings::EngineSettings;
use crate::sink::MaxVersion;
use crate::sink::Target;
use crate::{Error, ErrorKind, Result};
use reqwest::Method;
use std::fmt;
use std::sync::Arc;

/// The two families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Elasticsearch 7, 8, 9.
    Elasticsearch,
    /// OpenSearch 1, 2, 3.
    OpenSearch,
}

/// A search engine.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) http: Http,
    pub(super) settings: Arc<EngineSettings>,
    product: Product,
    version: String,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.product {
            Product::Elasticsearch => "Elasticsearch",
            Product::OpenSearch => "OpenSearch",
        };
        write!(f, "{name} {}", self.version)
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
        let version = json["version"]["number"].as_str().unwrap_or_default().to_owned();
        let major: u32 = version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
        let product = match json["version"]["distribution"].as_str() {
            Some("opensearch") => Product::OpenSearch,
            _ => Product::Elasticsearch,
        };
        let supported = match product {
            Product::Elasticsearch => (7..=9).contains(&major),
            Product::OpenSearch => (1..=3).contains(&major),
        };
        if version.is_empty() {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("what answers at {} is not a search engine", settings.url),
            )
            .help("set ELASTICSEARCH_URL to an Elasticsearch or OpenSearch server"));
        }
        let engine = Self { http, settings: Arc::new(settings.clone()), product, version };
        if supported {
            return Ok(engine);
        }
        Err(Error::new(
            ErrorKind::Refused,
            format!("{engine} is not supported; supported are Elasticsearch 7, 8 and 9, and OpenSearch 1, 2 and 3"),
        ))
    }

    /// Whether it answers at all.
    pub(super) async fn answers(&self) -> bool {
        self.http.json(Method::GET, "/", None).await.is_ok_and(|answer| answer.ok())
    }

    /// The family.
    pub fn product(&self) -> Product {
        self.product
    }

    /// A writer to one generation of an index. `ceiling` tells the highest version that can honestly exist.
    pub fn writer(&self, target: &Target, ceiling: MaxVersion) -> Writer {
        Writer::new(self.clone(), target.clone(), ceiling)
    }
}
