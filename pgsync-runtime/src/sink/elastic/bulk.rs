//! Bulk writes. In: documents and the version of the read they come from. Out: a [`Report`], once every document is
//! accepted or refused for good; an error only where neither can be said.
//!
//! Every write and delete carries an external version, so the newest state stays whoever writes last. A conflict with a
//! version that we, or a run of ours before a crash, could have written is success; one with a version from beyond the
//! end of the source's log means that somebody else writes here, or that the server is another one.
//!
//! One refused document never stops the others. What becomes of it is the caller's affair.

use super::engine::Engine;
use super::failure::{Asked, Meaning, classify};
use super::http::segment;
use super::scan::Scan;
use super::verdict::{Action, Verdict, Why, judge, without_values};
use crate::Version;
use crate::fetch::{Documents, Lines};
use crate::sink::MaxVersion;
use crate::sink::{Patience, Trouble};
use crate::sink::{Refused, Report, Target, brief};
use crate::{Code, Error, ErrorKind, Result};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::sync::Arc;

/// The longest `_id` engines take, in bytes.
const LONGEST_ID: usize = 512;
/// After this many attempts in a row a document that may be at fault is taken to be.
const DOUBTS: u32 = 6;
/// A document of this many bytes may be what an engine fails on that answers nothing, or has no memory.
const LARGE: usize = 16 << 20;

/// Writes to one generation of an index.
#[derive(Debug, Clone)]
pub struct Writer {
    engine: Engine,
    target: Target,
    path: Arc<str>,
    ceiling: MaxVersion,
    patience: Patience,
}

/// The items of a request: position among the documents, and what is asked.
type Items = Vec<(usize, Action)>;

enum Posted {
    /// Answered: what is left to send again, and why.
    Answered(Items, Option<Why>),
    /// The request as a whole was refused; smaller ones may pass.
    Refused(Why),
    /// No answer, or "later".
    Again(Why),
}

impl Writer {
    pub(super) fn new(engine: Engine, target: Target, ceiling: MaxVersion) -> Self {
        let parameters = "require_alias=true&filter_path=items.*.status,items.*.result,items.*.error";
        // For every document of the request, as if it stood on each line; a delete goes through none.
        let through = target.pipeline.as_deref().map(|name| format!("&pipeline={}", segment(name))).unwrap_or_default();
        let path = format!("/{}/_bulk?{parameters}{through}", segment(&target.write_alias()));
        Self { engine, target, path: path.into(), ceiling, patience: Patience::default() }
    }

    /// Tells what it waits for, and may be stopped while it waits.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Where it writes to.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Writes and deletes, several requests at a time, until every document is accepted or refused for good. It tries
    /// for ever where the engine is unreachable, full or closed, and says so.
    ///
    /// # Errors
    /// [`ErrorKind::Reload`] when the index is gone, [`ErrorKind::Fatal`] for a version from the future,
    /// [`ErrorKind::Stopped`] where it was stopped while the engine took nothing.
    pub async fn write(&self, documents: Documents) -> Result<Report> {
        let settings = &self.engine.settings;
        let lines = documents.seal();
        let mut report = Report::default();
        let mut requests: Vec<Items> = Vec::new();
        let mut bytes = usize::MAX;
        for position in 0..lines.len() {
            let write = lines.is_write(position);
            let id = lines.get(position).id;
            if id.is_empty() || id.len() > LONGEST_ID {
                // A delete of it has nothing to delete.
                if write {
                    let reason = format!("the _id has {} bytes, engines take 1 to {LONGEST_ID}", id.len());
                    report.refused.push(refused(&lines, position, Why::new("id_length", &reason)));
                } else {
                    report.written += 1;
                }
                continue;
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
            .try_fold(report, |sum, part| async { Ok(sum.and(part)) })
            .await
    }

    /// The documents whose version is below this one.
    ///
    /// # Errors
    /// [`ErrorKind::Reload`] when the index is gone.
    pub async fn older_than(&self, version: Version) -> Result<Scan> {
        Scan::open(&self.engine, &self.target, version, self.patience.clone()).await
    }

    /// The documents that hold one of these words in the field of index routes, or nothing there.
    ///
    /// # Errors
    /// [`ErrorKind::Reload`] when the index is gone.
    pub async fn holding(&self, words: &[String]) -> Result<Scan> {
        Scan::holding(&self.engine, &self.target, words, self.patience.clone()).await
    }

    /// Sends a request until all its items are done.
    async fn send(&self, documents: &Lines, items: Items) -> Result<Report> {
        let mut report = Report::default();
        let mut queue = vec![items];
        let mut trouble = Trouble::new(&self.patience);
        while let Some(items) = queue.pop() {
            let posted = self.post(documents, &items, &mut report, &mut trouble).await?;
            if let Posted::Answered(_, Some(why)) | Posted::Again(why) = &posted
                && self.too_large(documents, &items, why, &trouble).await
            {
                trouble.over();
                let reason = format!("{}, after {DOUBTS} attempts", why.text());
                report.refused.push(refused(documents, items[0].0, Why::new("too_large", &reason)));
                continue;
            }
            match posted {
                Posted::Answered(left, None) => {
                    trouble.over();
                    if !left.is_empty() {
                        queue.push(left);
                    }
                }
                Posted::Answered(left, Some(why)) => {
                    queue.push(left);
                    trouble.pause(&why.text()).await?;
                }
                Posted::Again(why) => {
                    queue.push(items);
                    trouble.pause(&why.text()).await?;
                }
                Posted::Refused(why) => {
                    trouble.over();
                    if let [(position, _)] = items.as_slice() {
                        report.refused.push(refused(documents, *position, why));
                    } else {
                        let (head, tail) = items.split_at(items.len() / 2);
                        queue.push(tail.to_vec());
                        queue.push(head.to_vec());
                    }
                }
            }
        }
        Ok(report)
    }

    async fn post(
        &self,
        documents: &Lines,
        items: &Items,
        report: &mut Report,
        trouble: &mut Trouble<'_>,
    ) -> Result<Posted> {
        let body = body(documents, items);
        let answer = match trouble.answer(self.engine.http.lines(&self.path, body)).await {
            Ok(answer) => answer,
            Err(error) if error.kind() == ErrorKind::Unavailable => {
                return Ok(Posted::Again(Why::new("", &error.to_string())));
            }
            Err(error) => return Err(error),
        };
        if !answer.ok() {
            let (kind, reason) = answer.error();
            let why = || match (kind.as_str(), answer.status) {
                (_, 413) => Why::new("too_large", "the request is larger than the engine takes"),
                ("", status) => Why::new("", &format!("status {status} {}", without_values(&reason))),
                _ => Why::new(&kind, &without_values(&reason)),
            };
            return match classify(Asked::Bulk, answer.status, &kind, &reason) {
                Meaning::Document => Ok(Posted::Refused(why())),
                Meaning::Gone => Err(self.gone(&why())),
                Meaning::Login => Err(answer.refusal("take documents")),
                _ => Ok(Posted::Again(why())),
            };
        }
        let judged = match judge(&answer.body, items.iter().map(|(_, action)| *action)) {
            Ok(judged) => judged,
            Err(wrong) => return Ok(Posted::Again(Why::new("", &wrong))),
        };
        let mut left = Vec::new();
        let mut reason = None;
        let mut silent = false;
        for (&(position, action), verdict) in items.iter().zip(judged) {
            match verdict {
                Verdict::Done => report.written += 1,
                // Whether a version can be honest is not known where the source did not answer: sent again, it conflicts
                // again.
                Verdict::Conflict { current } if current > documents.version.0 && silent => {
                    left.push((position, action));
                }
                Verdict::Conflict { current } => match self.conflict(documents, position, current).await {
                    Ok(()) => report.conflicts += 1,
                    Err(error) if error.kind() == ErrorKind::Unavailable => {
                        silent = true;
                        left.push((position, action));
                        reason.get_or_insert(Why::new("", &error.to_string()));
                    }
                    Err(error) => return Err(error),
                },
                Verdict::Dropped => left.push((position, Action::Delete)),
                Verdict::Again(why) => {
                    left.push((position, action));
                    reason.get_or_insert(why);
                }
                Verdict::Doubtful(why) if trouble.attempts() < DOUBTS => {
                    left.push((position, action));
                    reason.get_or_insert(why);
                }
                Verdict::Refused(why) | Verdict::Doubtful(why) => {
                    report.refused.push(refused(documents, position, why));
                }
                Verdict::Gone(why) => return Err(self.gone(&why)),
            }
        }
        Ok(Posted::Answered(left, reason))
    }

    /// Whether a document is what the engine fails on: it is large and alone, the request has failed again and again,
    /// by a broken connection or for want of memory, and the engine is well otherwise.
    async fn too_large(&self, documents: &Lines, items: &Items, why: &Why, trouble: &Trouble<'_>) -> bool {
        let [(position, _)] = items.as_slice() else { return false };
        let by_size = why.kind.is_empty() || why.kind == "circuit_breaking_exception";
        by_size
            && trouble.attempts() + 1 >= DOUBTS
            && documents.range(*position).len() >= LARGE
            && self.engine.answers().await
    }

    async fn conflict(&self, documents: &Lines, position: usize, current: u64) -> Result<()> {
        if current <= documents.version.0 {
            return Ok(());
        }
        let Some(end) = self.ceiling.exceeded_by(current).await? else { return Ok(()) };
        Err(Error::coded(
            Code::ForeignVersion,
            format!(
                "document `{}` of index `{}` has version {current}, which is beyond the end of the database's log ({end} = {}): \
                 something else writes to this index, or the database is another one",
                brief(&documents.get(position).id),
                self.target.physical,
                end.0
            ),
        )
        .help("end whatever else writes there, then fill a new generation with `run --rebuild`"))
    }

    fn gone(&self, why: &Why) -> Error {
        Error::coded(Code::IndexGone, format!("index `{}` is gone: {}", self.target.physical, why.text()))
    }
}

fn refused(documents: &Lines, position: usize, why: Why) -> Refused {
    let document = documents.get(position);
    Refused {
        routing: String::from_utf8_lossy(document.routing).into_owned(),
        id: document.id.into_owned(),
        version: documents.version,
        kind: why.kind,
        reason: why.reason,
        bytes: documents.range(position).len(),
    }
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
