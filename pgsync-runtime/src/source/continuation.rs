//! What a source needs beside a position to continue there. In: a position that is about to be recorded. Out: a text in the
//! source's own words, which the state keeps and hands back. Sources whose servers remember a position need none.

use crate::Position;
use std::fmt;
use std::sync::Arc;

/// Says what is to be kept beside a position.
#[derive(Clone, Default)]
pub struct Continuations(Option<Arc<Say>>);

type Say = dyn Fn(Position) -> Option<String> + Send + Sync;

impl Continuations {
    /// From something that knows.
    pub fn new(say: impl Fn(Position) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(say)))
    }

    /// What is to be kept beside this position.
    pub fn at(&self, position: Position) -> Option<String> {
        self.0.as_ref().and_then(|say| say(position))
    }
}

impl fmt::Debug for Continuations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Continuations" } else { "Continuations(none)" })
    }
}
