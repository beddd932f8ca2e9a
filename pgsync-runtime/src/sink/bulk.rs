//! Bulk writes. In: documents and the version of the read they come from. Out: nothing, once every one of them is
//! accepted; an error only where sending again cannot help.
//!
//! Every write and delete carries an external version, so the newest state stays whoever writes last. A conflict with a
//! version that we, or a run of ours before a crash, could have written is success; one with a version from beyond the
//! end of the source's log means that somebody else writes here, or that the server is another one.

use super::engine::Engine;
use super::index::Target;
use super::scan::Scan;
use super::verdict::{Action, Item, Verdict};
use crate::fetch::{Documents, Lines};
use crate::{Error, ErrorKind, Lsn, Result};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Tells the end of the source's log: no honest version is above it.
#[derive(Clone)]
pub struct Ceiling(Arc<Ask>);

type Ask = dyn Fn() -> Pin<Box<dyn Future<Output = Result<Lsn>> + Send>> + Send + Sync;

impl Ceiling {
    /// From something that asks the source.
    pub fn new<F: Future<Output = Result<Lsn>> + Send + 'static>(ask: impl Fn() -> F + Send + Sync + 'static) -> Self {
        Self(Arc::new(move || Box::pin(ask())))
    }
}

impl fmt::Debug for Ceiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ceiling")
    }
}

/// The longest `_id` engines take, in bytes.
const LONGEST_ID: usize = 512;

/// Writes to one generation of an index.
#[derive(Debug, Clone)]
pub struct Writer {
    engine: Engine,
    target: Target,
    path: Arc<str>,
    ceiling: Ceiling,
}

/// The items of a request: position among the documents, and what is asked.
type Items = Vec<(usize, Action)>;

#[derive(Deserialize)]
struct BulkAnswer<'a> {
    #[serde(borrow)]
    items: Vec<Answered<'a>>,
}

/// An item under the name of its action.
#[derive(Deserialize)]
enum Answered<'a> {
    #[serde(rename = "index", borrow)]
    Index(Item<'a>),
    #[serde(rename = "delete", borrow)]
    Delete(Item<'a>),
}

enum Posted {
    /// Answered: what is left to send again, and why.
    Answered(Items, Option<String>),
    /// The request as a whole was refused; smaller ones may pass.
    Refused(String),
    /// No answer, or "later".
    Again(String),
}

impl Writer {
    pub(super) fn new(engine: Engine, target: Target, ceiling: Ceiling) -> Self {
        let parameters = "require_alias=true&filter_path=items.*.status,items.*.result,items.*.error";
        let path = format!("/{}/_bulk?{parameters}", target.write_alias()).into();
        Self { engine, target, path, ceiling }
    }

    /// Writes and deletes, several requests at a time, until every document is accepted. It tries for ever where the
    /// engine is unreachable, full or closed, and says so.
    ///
    /// # Errors
    /// [`ErrorKind::Document`] for a document the engine will never take, [`ErrorKind::Reload`] when the index is gone,
    /// [`ErrorKind::Fatal`] for a version from the future.
    pub async fn write(&self, documents: Documents) -> Result<()> {
        let settings = &self.engine.settings;
        let lines = documents.seal();
        let mut requests: Vec<Items> = Vec::new();
        let mut bytes = usize::MAX;
        for position in 0..lines.len() {
            let id = lines.get(position).id;
            let write = lines.is_write(position);
            if id.is_empty() || id.len() > LONGEST_ID {
                // A delete of it has nothing to delete.
                if !write {
                    continue;
                }
                let kind = format!("the _id has {} bytes, engines take 1 to {LONGEST_ID}", id.len());
                return Err(self.refused(&id, &kind));
            }
            let size = lines.range(position).len();
            let full = requests.last().is_none_or(|items| items.len() >= settings.chunk_size);
            if full || bytes.saturating_add(size) > settings.max_chunk_bytes {
                requests.push(Vec::with_capacity(settings.chunk_size.min(lines.len() - position)));
                bytes = 0;
            }
            bytes += size;
            let action = if write { Action::Index } else { Action::Delete };
            if let Some(items) = requests.last_mut() {
                items.push((position, action));
            }
        }
        let lines = &lines;
        stream::iter(requests)
            .map(|items| self.send(lines, items))
            .buffer_unordered(settings.in_flight)
            .try_collect::<()>()
            .await
    }

    /// The documents whose version is below this one.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn older_than(&self, version: Lsn) -> Result<Scan> {
        Scan::open(&self.engine, &self.target, version).await
    }

    /// Sends a request until all its items are done.
    async fn send(&self, documents: &Lines, items: Items) -> Result<()> {
        let mut queue = vec![items];
        let mut trouble = Trouble::default();
        while let Some(items) = queue.pop() {
            match self.post(documents, &items).await? {
                Posted::Answered(left, None) => {
                    trouble.over();
                    if !left.is_empty() {
                        queue.push(left);
                    }
                }
                Posted::Answered(left, Some(reason)) => {
                    queue.push(left);
                    trouble.pause(&reason).await;
                }
                Posted::Again(reason) => {
                    queue.push(items);
                    trouble.pause(&reason).await;
                }
                Posted::Refused(reason) => match items.as_slice() {
                    [(position, _)] => return Err(self.refused(&documents.get(*position).id, &reason)),
                    _ => {
                        let (head, tail) = items.split_at(items.len() / 2);
                        queue.push(tail.to_vec());
                        queue.push(head.to_vec());
                    }
                },
            }
        }
        Ok(())
    }

    async fn post(&self, documents: &Lines, items: &Items) -> Result<Posted> {
        let body = body(documents, items);
        let answer = match self.engine.http.lines(&self.path, body).await {
            Ok(answer) => answer,
            Err(error) if error.kind() == ErrorKind::Unavailable => return Ok(Posted::Again(error.to_string())),
            Err(error) => return Err(error),
        };
        match answer.status {
            200..300 => {}
            400 | 413 => return Ok(Posted::Refused(answer.reason())),
            401 => return Err(answer.refusal("take documents")),
            404 => return Err(self.gone(&answer.reason())),
            _ => return Ok(Posted::Again(answer.reason())),
        }
        let Ok(parsed) = serde_json::from_slice::<BulkAnswer<'_>>(&answer.body) else {
            return Ok(Posted::Again("the answer is not one to a bulk request".to_owned()));
        };
        if parsed.items.len() != items.len() {
            return Ok(Posted::Again(format!("{} items were sent, {} answered", items.len(), parsed.items.len())));
        }
        let mut left = Vec::new();
        let mut reason = None;
        for (&(position, action), answered) in items.iter().zip(&parsed.items) {
            let (Answered::Index(item) | Answered::Delete(item)) = answered;
            match item.verdict(action) {
                Verdict::Done => {}
                Verdict::Conflict { current } => {
                    self.conflict(&documents.get(position).id, current, documents.version).await?;
                }
                Verdict::Dropped => left.push((position, Action::Delete)),
                Verdict::Again(why) => {
                    left.push((position, action));
                    reason.get_or_insert(why);
                }
                Verdict::Refused(why) => return Err(self.refused(&documents.get(position).id, &why)),
                Verdict::Gone(why) => return Err(self.gone(&why)),
            }
        }
        Ok(Posted::Answered(left, reason))
    }

    async fn conflict(&self, id: &str, current: u64, version: Lsn) -> Result<()> {
        if current <= version.0 {
            return Ok(());
        }
        let end = (self.ceiling.0)().await?;
        // Version V stands for the commits that start before V, so the end of the log + 1 is the highest there can be.
        if current <= end.0 + 1 {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Fatal,
            format!(
                "document `{}` of index `{}` has version {current}, which is beyond the end of the database's log ({end} = {}): \
                 something else writes to this index, or the database is another one",
                brief(id),
                self.target.physical,
                end.0
            ),
        )
        .help("end whatever else writes there, then fill a new generation with `run --rebuild`"))
    }

    fn refused(&self, id: &str, reason: &str) -> Error {
        Error::new(
            ErrorKind::Document,
            format!("document `{}` of index `{}` is refused: {reason}", brief(id), self.target.physical),
        )
        .help("correct the row or the mapping; nothing after it was acknowledged, so nothing is lost")
    }

    fn gone(&self, reason: &str) -> Error {
        Error::new(ErrorKind::Reload, format!("index `{}` is gone: {reason}", self.target.physical))
    }
}

fn brief(id: &str) -> String {
    if id.chars().count() > 100 { format!("{}...", id.chars().take(97).collect::<String>()) } else { id.to_owned() }
}

/// The body of a request. What is sent as it was read is sent where it stands.
fn body(documents: &Lines, items: &Items) -> Bytes {
    let as_read = |(position, action): &(usize, Action)| documents.is_write(*position) == (*action == Action::Index);
    if let (Some((first, _)), Some((last, _))) = (items.first(), items.last())
        && last - first + 1 == items.len()
        && items.iter().all(as_read)
    {
        return documents.slice(documents.range(*first).start..documents.range(*last).end);
    }
    let mut body = Vec::with_capacity(items.iter().map(|(position, _)| documents.range(*position).len() + 1).sum());
    for item in items {
        if as_read(item) {
            documents.append(item.0, &mut body);
        } else {
            documents.append_delete(item.0, &mut body);
        }
    }
    body.into()
}

/// Pauses between attempts, 0.1 s doubling to 30 s, and says why it waits: at once for a new reason, then every 30 s.
#[derive(Default)]
struct Trouble {
    attempts: u32,
    said: Option<(String, Instant)>,
}

impl Trouble {
    async fn pause(&mut self, reason: &str) {
        self.attempts += 1;
        let pause = Duration::from_millis(50 << self.attempts.min(9)).min(Duration::from_secs(30));
        let news = self.said.as_ref().is_none_or(|(known, when)| known != reason || when.elapsed().as_secs() >= 30);
        if news {
            tracing::warn!(%reason, again_in = ?pause, attempt = self.attempts, "the engine did not take everything, sending again");
            self.said = Some((reason.to_owned(), Instant::now()));
        }
        tokio::time::sleep(pause).await;
    }

    fn over(&mut self) {
        self.attempts = 0;
    }
}
