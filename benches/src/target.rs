//! The engine that is written to. In: which one. Out: an empty engine, how much was written to it and when, what it cost.

use crate::null_engine::{Stats, now};
use crate::process::{self, Program};
use crate::site::Site;
use crate::{Error, Outcome};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// An engine.
pub(crate) struct Target {
    /// Where it answers.
    pub(crate) url: String,
    pid: u32,
    http: reqwest::Client,
    /// The engine that only counts, when it is that one.
    null: Option<Child>,
}

/// How much stands written, and since when at the latest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    /// Documents written and deleted since the engine was emptied.
    pub(crate) items: u64,
    /// Microseconds since 1970.
    pub(crate) at: u64,
}

impl Target {
    /// Starts an engine that only counts.
    pub(crate) async fn null() -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command
            .args(["null-engine", "--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or("no output of the null engine")?;
        let port: u16 = BufReader::new(out).lines().next_line().await?.unwrap_or_default().parse()?;
        let pid = child.id().unwrap_or(0);
        Ok(Self { url: format!("http://127.0.0.1:{port}"), pid, http: reqwest::Client::new(), null: Some(child) })
    }

    /// The real one.
    pub(crate) fn opensearch(site: &Site) -> Self {
        Self { url: site.opensearch.clone(), pid: site.opensearch_pid, http: reqwest::Client::new(), null: None }
    }

    /// Its name in the figures.
    pub(crate) fn name(&self) -> &'static str {
        if self.null.is_some() { "null" } else { "opensearch" }
    }

    /// Processor time it has used.
    pub(crate) fn cpu(&self) -> f64 {
        process::cpu_of_tree(self.pid)
    }

    /// Removes everything it holds and every count.
    pub(crate) async fn reset(&self) -> Outcome {
        if self.null.is_some() {
            self.post("/_bench/reset").await?;
            return Ok(());
        }
        let names = self.get("/_cat/indices?format=json&expand_wildcards=all").await?;
        for name in names.as_array().into_iter().flatten().filter_map(|index| index["index"].as_str()) {
            self.http.delete(format!("{}/{name}", self.url)).send().await?.error_for_status()?;
        }
        Ok(())
    }

    /// A GET whose answer must be a success. A connection that was kept and has ended meanwhile is no failure of a run:
    /// it is asked once more.
    pub(crate) async fn get(&self, path: &str) -> Outcome<Value> {
        let ask = || self.http.get(format!("{}{path}", self.url)).send();
        let answer = match ask().await {
            Err(error) if error.is_request() => {
                eprintln!("asked again: {}", crate::chain(&error));
                ask().await
            }
            other => other,
        };
        Ok(serde_json::from_str(&answer?.error_for_status()?.text().await?)?)
    }

    async fn post(&self, path: &str) -> Outcome<String> {
        Ok(self.http.post(format!("{}{path}", self.url)).send().await?.error_for_status()?.text().await?)
    }

    /// The null engine's counts.
    pub(crate) async fn stats(&self) -> Outcome<Stats> {
        Ok(serde_json::from_value(self.get("/_bench/stats").await?)?)
    }

    /// How much was written. `index` is the name that searches use.
    pub(crate) async fn written(&self, index: &str) -> Outcome<Written> {
        if self.null.is_some() {
            let stats = self.stats().await?;
            return Ok(Written { items: stats.items, at: stats.last });
        }
        let path = format!("/{index}*/_stats/indexing?ignore_unavailable=true&allow_no_indices=true");
        let stats = self.get(&path).await?;
        let count = |name: &str| stats["_all"]["primaries"]["indexing"][name].as_u64().unwrap_or(0);
        Ok(Written { items: count("index_total") + count("delete_total"), at: now() })
    }

    /// Waits until that many documents were written by a program that must not end meanwhile. Gives how far it came when
    /// the time is over. More than that many is an error: then the run did not do what it was timed for.
    pub(crate) async fn wait(
        &self,
        program: &mut Program,
        index: &str,
        items: u64,
        limit: Duration,
    ) -> Outcome<Written> {
        let began = now();
        let end = began + limit.as_micros() as u64;
        loop {
            let written = self.written(index).await?;
            if written.items > items {
                return Err(format!("{} items were written where {items} were expected", written.items).into());
            }
            if written.items == items || now() > end {
                return Ok(written);
            }
            if let Err(error) = program.alive() {
                // A program that ends when it is done may have finished since.
                let last = self.written(index).await?;
                return if last.items == items { Ok(last) } else { Err(error) };
            }
            tokio::time::sleep(self.pause(written.items, items, now() - began)).await;
        }
    }

    /// How long to leave a program alone that has written so much of what it must. Asking costs a real engine time that
    /// the program is measured by: it is asked more often towards the end.
    fn pause(&self, done: u64, items: u64, passed: u64) -> Duration {
        if self.null.is_some() {
            return Duration::from_millis(5);
        }
        let left = (items - done).saturating_mul(passed) / done.max(1);
        Duration::from_micros(left / 4).clamp(Duration::from_millis(20), Duration::from_millis(500))
    }

    /// As [`Self::wait`], where not to come so far is a failure.
    pub(crate) async fn complete(
        &self,
        program: &mut Program,
        index: &str,
        items: u64,
        limit: Duration,
    ) -> Outcome<Written> {
        let written = self.wait(program, index, items, limit).await?;
        if written.items < items {
            return Err::<_, Error>(format!("{} of {items} items were written in {limit:?}", written.items).into());
        }
        Ok(written)
    }

    /// Begins to count anew, with the indexes as they are. The real engine counts on: what it has counted is given.
    pub(crate) async fn zero(&self, index: &str) -> Outcome<u64> {
        if self.null.is_some() {
            self.post("/_bench/zero").await?;
            return Ok(0);
        }
        Ok(self.written(index).await?.items)
    }

    /// Keeps the bodies of bulk requests in a file, each after its length in eight bytes; null engine only.
    pub(crate) async fn keep(&self, file: &Path) -> Outcome {
        self.post(&format!("/_bench/keep?{}", file.display())).await.map(drop)
    }

    /// Makes everything written searchable.
    pub(crate) async fn refresh(&self, index: &str) -> Outcome {
        self.post(&format!("/{index}/_refresh")).await.map(drop)
    }

    /// The sum of a number over all documents, whether it stands in them or in a list in them.
    pub(crate) async fn sum(&self, index: &str, field: &str) -> Outcome<f64> {
        self.refresh(index).await?;
        let body = json!({ "size": 0, "aggs": { "sum": { "sum": { "field": field } } } }).to_string();
        let request =
            self.http.post(format!("{}/{index}/_search", self.url)).header("content-type", "application/json");
        let answer = request.body(body).send().await?.error_for_status()?.text().await?;
        let answer: Value = serde_json::from_str(&answer)?;
        answer["aggregations"]["sum"]["value"].as_f64().ok_or_else(|| format!("no sum of {field}").into())
    }

    /// Waits until at least that many items were written and no more come for two seconds; for a program that writes
    /// some more often than it must. Gives how far it came, and when the last came.
    pub(crate) async fn quiet(
        &self,
        program: &mut Program,
        index: &str,
        least: u64,
        limit: Duration,
    ) -> Outcome<Written> {
        let end = now() + limit.as_micros() as u64;
        let mut last = self.written(index).await?;
        loop {
            program.alive()?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            let written = self.written(index).await?;
            if written.items != last.items {
                last = written;
            }
            if now() > end || (last.items >= least && now() - last.at > 2_000_000) {
                return Ok(last);
            }
        }
    }

    /// Starts to note the `_id` and time of every item; null engine only.
    pub(crate) async fn trace(&self) -> Outcome {
        self.post("/_bench/trace").await.map(drop)
    }

    /// What was noted: `_id` and when it was answered, in order.
    pub(crate) async fn traced(&self) -> Outcome<Vec<(String, u64)>> {
        let text = self.http.get(format!("{}/_bench/trace", self.url)).send().await?.error_for_status()?.text().await?;
        let pairs = text.lines().filter_map(|line| {
            let (at, id) = line.split_once(' ')?;
            Some((id.to_owned(), at.parse().ok()?))
        });
        Ok(pairs.collect())
    }
}
