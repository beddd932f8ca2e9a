//! Listing what an index holds below a version. In: a generation. Out: pages of `_id`s. Everything written before it was
//! opened is seen, and there is no limit of ten thousand.

use super::engine::Engine;
use super::index::{Target, expect};
use crate::{Lsn, Result};
use reqwest::Method;
use serde_json::{Value, json};

/// A scan in progress.
#[derive(Debug)]
pub struct Scan {
    engine: Engine,
    version: Lsn,
    scroll: String,
    page: Option<Value>,
}

impl Scan {
    pub(super) async fn open(engine: &Engine, target: &Target, version: Lsn) -> Result<Self> {
        let physical = &target.physical;
        let answer = engine.http.json(Method::POST, &format!("/{physical}/_refresh"), None).await?;
        expect(answer, &format!("refresh `{physical}`"))?;
        let body = json!({ "size": 1000, "sort": ["_doc"], "version": true, "_source": false });
        let answer = engine.http.json(Method::POST, &format!("/{physical}/_search?scroll=5m"), Some(&body)).await?;
        let page = answer.json();
        expect(answer, &format!("list `{physical}`"))?;
        let scroll = page["_scroll_id"].as_str().unwrap_or_default().to_owned();
        Ok(Self { engine: engine.clone(), version, scroll, page: Some(page) })
    }

    /// The next page of `_id`s, which may be empty; `None` at the end.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn next(&mut self) -> Result<Option<Vec<String>>> {
        let page = match self.page.take() {
            Some(page) => page,
            None => {
                let body = json!({ "scroll": "5m", "scroll_id": self.scroll });
                let answer = self.engine.http.json(Method::POST, "/_search/scroll", Some(&body)).await?;
                let page = answer.json();
                expect(answer, "go on listing an index")?;
                page
            }
        };
        let hits = page["hits"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
        if hits.is_empty() {
            let body = json!({ "scroll_id": [self.scroll] });
            // A scroll that cannot be closed ends by itself.
            let _ = self.engine.http.json(Method::DELETE, "/_search/scroll", Some(&body)).await;
            return Ok(None);
        }
        let older = hits.iter().filter(|hit| hit["_version"].as_u64().is_none_or(|version| version < self.version.0));
        Ok(Some(older.filter_map(|hit| hit["_id"].as_str().map(str::to_owned)).collect()))
    }
}
