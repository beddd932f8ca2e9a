//! The transforms of one index, one after the other. In: documents as they were read. Out: what is to be written of them, in
//! the same places and at the same version, and which are refused.
//!
//! A part is transformed as a whole or not at all: what fails half-way is begun again from the bytes that were read.

use super::batch::{Fate, Item};
use super::{Batch, Transform, TransformError};
use crate::fetch::Documents;
use crate::sink::Refused;
use futures_util::FutureExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

/// What the quarantine says of documents that a transform has refused.
pub(crate) const REFUSED: &str = "transform";

/// What a part has become.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// To be written or deleted.
    pub(crate) documents: Documents,
    /// The others.
    pub(crate) refused: Vec<Refused>,
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The transforms of an index, whatever its struct.
pub(crate) trait Chain: Send + Sync {
    /// Most documents of a part.
    fn most(&self) -> usize;

    /// Leads a part of the documents through.
    ///
    /// # Errors
    /// Where the part has to be begun again, later or in smaller parts.
    fn apply<'a>(&'a self, read: &'a Documents, part: Range<usize>) -> Boxed<'a, Result<Outcome, TransformError>>;
}

/// A transform of documents of one struct.
pub(super) trait Step<D>: Send + Sync {
    fn name(&self) -> &str;
    fn batch(&self) -> usize;
    fn run<'a>(&'a self, batch: &'a mut Batch<D>) -> Boxed<'a, Result<(), TransformError>>;
}

impl<D: Send + 'static, T: Transform<D>> Step<D> for T {
    fn name(&self) -> &str {
        Transform::name(self)
    }

    fn batch(&self) -> usize {
        Transform::batch(self)
    }

    fn run<'a>(&'a self, batch: &'a mut Batch<D>) -> Boxed<'a, Result<(), TransformError>> {
        Box::pin(self.transform(batch))
    }
}

/// The transforms of the documents of one struct.
pub(super) struct Typed<D> {
    pub(super) steps: Vec<Arc<dyn Step<D>>>,
    /// Fields of the document, which cannot be added.
    pub(super) fields: Vec<String>,
}

impl<D: Serialize + DeserializeOwned + Send + 'static> Chain for Typed<D> {
    fn most(&self) -> usize {
        self.steps.iter().map(|step| step.batch()).min().unwrap_or(1).max(1)
    }

    fn apply<'a>(&'a self, read: &'a Documents, part: Range<usize>) -> Boxed<'a, Result<Outcome, TransformError>> {
        Box::pin(async move {
            let mut fates: Vec<Option<Result<Item<D>, String>>> = Vec::with_capacity(part.len());
            let mut batch = Batch { items: Vec::with_capacity(part.len()) };
            for position in part.clone() {
                let document = read.get(position);
                fates.push(None);
                let Some(body) = read.shown(position) else { continue };
                match serde_json::from_slice(&body) {
                    Ok(value) => batch.items.push(Item::new(position, document.id.into_owned(), value)),
                    // Its text may hold a value of the row.
                    Err(error) => {
                        let ty = std::any::type_name::<D>();
                        let reason = format!("the document is not a `{ty}`, at byte {}", error.column());
                        fates[position - part.start] = Some(Err(reason));
                    }
                }
            }
            for step in &self.steps {
                if batch.is_empty() {
                    break;
                }
                step_over(&**step, &mut batch).await?;
                // What is left out or refused is not shown to those that follow.
                let (kept, gone) = batch.items.into_iter().partition(|item| item.fate == Fate::Written);
                batch.items = kept;
                let gone: Vec<Item<D>> = gone;
                for mut item in gone {
                    if let Fate::Refused(reason) = &mut item.fate {
                        *reason = format!("`{}` refuses it: {reason}", step.name());
                    }
                    let position = item.position - part.start;
                    fates[position] = Some(Ok(item));
                }
            }
            for item in batch.items {
                let position = item.position - part.start;
                fates[position] = Some(Ok(item));
            }
            Ok(self.outcome(read, part, fates))
        })
    }
}

/// One transform over a batch. One that panics has refused it.
async fn step_over<D>(step: &dyn Step<D>, batch: &mut Batch<D>) -> Result<(), TransformError> {
    let named = |reason: String| format!("`{}`: {reason}", step.name());
    // What is left of the batch after a panic is thrown away.
    match AssertUnwindSafe(step.run(batch)).catch_unwind().await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(TransformError::Later(reason))) => Err(TransformError::Later(named(reason))),
        Ok(Err(TransformError::Refused(reason))) => Err(TransformError::Refused(named(reason))),
        Err(_) => Err(TransformError::Refused(named("it panicked".to_owned()))),
    }
}

impl<D: Serialize> Typed<D> {
    fn outcome(&self, read: &Documents, part: Range<usize>, fates: Vec<Option<Result<Item<D>, String>>>) -> Outcome {
        let mut documents = read.another();
        let mut refused = Vec::new();
        for (position, fate) in part.zip(fates) {
            let written = match fate {
                // A delete, which goes through as it is.
                None => {
                    documents.delete_as(read, position);
                    continue;
                }
                Some(Err(reason)) => Err(reason),
                Some(Ok(item)) => match &item.fate {
                    Fate::LeftOut => {
                        documents.delete_as(read, position);
                        continue;
                    }
                    Fate::Refused(reason) => Err(reason.clone()),
                    Fate::Written => documents.index_as(read, position, |out| self.render(&item, out)),
                },
            };
            if let Err(reason) = written {
                refused.push(refusal(read, position, reason));
            }
        }
        Outcome { documents, refused }
    }

    /// Appends the JSON of a document, on one line.
    fn render(&self, item: &Item<D>, out: &mut Vec<u8>) -> Result<(), String> {
        let start = out.len();
        serde_json::to_writer(&mut *out, &**item).map_err(|_| "its struct has no JSON form".to_owned())?;
        if !item.added.is_empty() {
            if out.get(start) != Some(&b'{') || out.pop() != Some(b'}') {
                return Err("a field was added to what is no object".to_owned());
            }
            for (field, json) in &item.added {
                if self.fields.contains(field) {
                    return Err(format!("`{field}` was added, and is a field of the document: change that"));
                }
                if out.len() > start + 1 {
                    out.push(b',');
                }
                crate::fetch::render::text::string(field.as_bytes(), out);
                out.push(b':');
                out.extend_from_slice(json.as_bytes());
            }
            out.push(b'}');
        }
        // Between two tokens they are blanks, and within a string they stand escaped.
        out[start..].iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        Ok(())
    }
}

/// The word on a document that a transform has refused.
pub(crate) fn refusal(read: &Documents, position: usize, reason: String) -> Refused {
    let document = read.get(position);
    Refused {
        id: document.id.into_owned(),
        routing: String::from_utf8_lossy(document.routing).into_owned(),
        version: read.version(),
        kind: REFUSED.to_owned(),
        reason,
        bytes: document.body.map_or(0, <[u8]>::len),
    }
}
