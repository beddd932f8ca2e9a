//! The way through the transforms of an index, whatever they meet. In: documents as they were read. Out: parts of them, in
//! order, each transformed, with those that are refused.
//!
//! What may succeed later is tried for as long as it takes. What is refused as a whole is tried in halves, until the
//! documents at fault stand alone. So each document is in the end transformed or refused, and none is lost between.

use super::TransformError;
use super::chain::{Chain, Outcome, refusal};
use crate::Result;
use crate::fetch::Documents;
use crate::sink::{Patience, Trouble, Words};
use std::ops::Range;
use std::sync::Arc;

/// A part that is larger is made smaller: what is transformed stands in memory several times.
const PART_BYTES: usize = 1 << 20;

/// What is said while a transform cannot do its work.
const WORDS: Words = Words {
    who: "a transform",
    slow: "a transform to end",
    again: "a transform cannot do its work, trying again",
    over: "the transforms work again",
    stopped: "asked to stop while a transform cannot do its work",
};

/// Leads documents through the transforms of their index.
#[derive(Clone)]
pub(crate) struct Passage {
    chain: Arc<dyn Chain>,
    patience: Patience,
}

impl Passage {
    /// Through these.
    pub(crate) fn new(chain: &Arc<dyn Chain>, patience: Patience) -> Self {
        Self { chain: Arc::clone(chain), patience }
    }

    /// Parts of documents that go through together.
    pub(crate) fn parts(&self, read: &Documents) -> Vec<Range<usize>> {
        let most = self.chain.most();
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut bytes = 0;
        for position in 0..read.len() {
            let size = read.get(position).body.map_or(0, <[u8]>::len);
            match parts.last_mut() {
                Some(part) if part.len() < most && bytes + size <= PART_BYTES => part.end += 1,
                _ => {
                    bytes = 0;
                    parts.push(position..position + 1);
                }
            }
            bytes += size;
        }
        parts
    }

    /// Leads a part through.
    ///
    /// # Errors
    /// [`Code::Stopped`](crate::Code::Stopped) where it was stopped while a transform cannot do its work.
    pub(crate) async fn through(&self, read: &Documents, part: Range<usize>) -> Result<Outcome> {
        let mut outcome = Outcome { documents: read.another(), refused: Vec::new() };
        let mut left = vec![part];
        let mut trouble = Trouble::of(&self.patience, &WORDS);
        while let Some(part) = left.pop() {
            match trouble.answer(self.chain.apply(read, part.clone())).await {
                Ok(Outcome { documents, refused }) => {
                    trouble.over();
                    outcome.documents.append(documents);
                    outcome.refused.extend(refused);
                }
                Err(TransformError::Later(reason)) => {
                    left.push(part);
                    trouble.pause(&reason).await?;
                }
                Err(TransformError::Refused(reason)) if part.len() <= 1 => {
                    trouble.over();
                    outcome.refused.extend(part.map(|position| refusal(read, position, reason.clone())));
                }
                Err(TransformError::Refused(_)) => {
                    let middle = part.start + part.len() / 2;
                    left.push(middle..part.end);
                    left.push(part.start..middle);
                }
            }
        }
        Ok(outcome)
    }
}
