//! A reader beside the program. In: an engine, names of indexes. Out: how many versions it has seen; a failure where a
//! document had a lower version than before. Each copy is told apart by its index, its `_id` and its routing.

use crate::support::engine::client;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

/// How often all documents are looked at.
const EVERY: Duration = Duration::from_millis(150);

/// A running reader; dropped, it ends.
pub(super) struct Versions {
    seen: Arc<AtomicU64>,
    back: Arc<Mutex<Vec<String>>>,
    _task: AbortOnDropHandle<()>,
}

impl Versions {
    pub(super) fn watch(engine: &str, indexes: &[String]) -> Self {
        let (seen, back) = (Arc::<AtomicU64>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (engine, indexes) = (engine.to_owned(), indexes.to_vec());
        let (counted, noted) = (Arc::clone(&seen), Arc::clone(&back));
        let task = tokio::spawn(async move {
            let mut known: HashMap<[String; 3], u64> = HashMap::new();
            loop {
                for index in &indexes {
                    for (document, version) in look(&engine, index).await.unwrap_or_default() {
                        counted.fetch_add(1, Ordering::SeqCst);
                        let before = known.insert(document.clone(), version).unwrap_or(0);
                        if version < before {
                            noted.lock().unwrap().push(format!("{document:?} went from {before} to {version}"));
                        }
                    }
                }
                tokio::time::sleep(EVERY).await;
            }
        });
        Self { seen, back, _task: AbortOnDropHandle::new(task) }
    }

    /// How many it has seen.
    pub(super) fn seen(&self) -> u64 {
        self.seen.load(Ordering::SeqCst)
    }

    /// What went backwards.
    pub(super) fn back(&self) -> Vec<String> {
        self.back.lock().unwrap().clone()
    }
}

/// Every document of an index with its version. None while there is no such index, or it is closed.
async fn look(engine: &str, index: &str) -> Option<Vec<([String; 3], u64)>> {
    client().post(format!("{engine}/{index}/_refresh")).send().await.ok()?;
    let body = json!({ "size": 10_000, "version": true, "_source": false, "query": { "match_all": {} } });
    let request = client().post(format!("{engine}/{index}/_search")).header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await.ok()?;
    if !answer.status().is_success() {
        return None;
    }
    let answer: Value = serde_json::from_slice(&answer.bytes().await.ok()?).ok()?;
    let text = |hit: &Value, name: &str| hit[name].as_str().unwrap_or_default().to_owned();
    let hits = answer["hits"]["hits"].as_array()?.iter();
    hits.map(|hit| Some((["_index", "_id", "_routing"].map(|name| text(hit, name)), hit["_version"].as_u64()?)))
        .collect()
}
