//! The engine's ceiling. In: the bodies of a load of ours, kept by the null engine, and the index they went to. Out: how
//! long the engine takes to accept them all, posted as they are, several at a time.

use crate::Outcome;
use crate::target::Target;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// How many requests are in flight at once: which is the better depends on the machine.
pub(crate) const IN_FLIGHT: [usize; 2] = [2, 4];

/// Documents that are ready.
pub(crate) struct Ready {
    bodies: Vec<Bytes>,
    index: Value,
}

impl Ready {
    /// Takes what the null engine kept, and the definition of the index it was for.
    pub(crate) async fn take(file: &Path, null: &Target, index: &str) -> Outcome<Self> {
        let all = Bytes::from(std::fs::read(file)?);
        let mut bodies = Vec::new();
        let mut at = 0;
        while let Some(head) = all.get(at..at + 8) {
            let length = u64::from_be_bytes(head.try_into()?) as usize;
            bodies.push(all.slice(at + 8..at + 8 + length));
            at += 8 + length;
        }
        std::fs::remove_file(file)?;
        let found = null.get(&format!("/{index}")).await?;
        let found = found.as_object().and_then(|indexes| indexes.values().next()).ok_or("no index was made")?;
        let mut settings = found["settings"]["index"].clone();
        if let Some(settings) = settings.as_object_mut() {
            settings.retain(|name, _| !matches!(name.as_str(), "uuid" | "provided_name"));
        }
        Ok(Self { bodies, index: json!({ "settings": { "index": settings }, "mappings": found["mappings"] }) })
    }

    /// Posts a third of them once, untimed: an engine that has just started is compiling itself.
    pub(crate) async fn warm(&self, target: &Target) -> Outcome {
        self.send(target, IN_FLIGHT[0], self.bodies.len() / 3).await.map(drop)
    }

    /// Posts everything to a new index of the same definition; gives the seconds it took.
    pub(crate) async fn post(&self, target: &Target, in_flight: usize) -> Outcome<f64> {
        self.send(target, in_flight, self.bodies.len()).await
    }

    async fn send(&self, target: &Target, in_flight: usize, count: usize) -> Outcome<f64> {
        let http = reqwest::Client::builder().tcp_nodelay(true).build()?;
        let json = |request: reqwest::RequestBuilder| request.header("content-type", "application/json");
        json(http.put(format!("{}/ready", target.url)))
            .body(self.index.to_string())
            .send()
            .await?
            .error_for_status()?;
        let path = format!("{}/ready/_bulk?filter_path=items.*.status,items.*.result,items.*.error", target.url);
        let started = Instant::now();
        stream::iter(self.bodies.iter().take(count).cloned())
            .map(|body| {
                let request = http.post(&path).header("content-type", "application/x-ndjson").body(body);
                async move {
                    let text = request.send().await?.error_for_status()?.text().await?;
                    if text.contains("\"error\"") { Err(crate::Error::from("an item was refused")) } else { Ok(()) }
                }
            })
            .buffer_unordered(in_flight)
            .try_collect::<()>()
            .await?;
        Ok(started.elapsed().as_secs_f64())
    }
}
