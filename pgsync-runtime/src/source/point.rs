//! Points of a log as clients name them. In: a text in the source's own spelling. Out: a [`Goal`], which says of any point of
//! the log whether everything up to the named one is before it. Nobody else reads such a text.

use crate::Position;
use std::fmt;
use std::sync::Arc;

/// A point of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogPoint {
    /// Where it is.
    pub position: Position,
    /// Which transactions are before it, in the source's own words, where the position alone does not say.
    pub continuation: Option<String>,
    /// Which history of the log it is of, where the source numbers those and it is known.
    pub history: Option<u32>,
}

/// As clients spell it.
impl fmt::Display for LogPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.continuation {
            Some(text) => f.write_str(text),
            None => self.position.fmt(f),
        }
    }
}

/// A point of the log that is waited for.
#[derive(Clone)]
pub struct Goal(Arc<Test>);

type Test = dyn Fn(&LogPoint) -> bool + Send + Sync;

impl Goal {
    /// From what tells whether a point is at it or behind it.
    pub fn new(test: impl Fn(&LogPoint) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(test))
    }

    /// Everything before a position, where positions say it all.
    pub fn position(wanted: Position) -> Self {
        Self::new(move |point| point.position >= wanted)
    }

    /// Whether everything up to it is before a point.
    pub fn is_reached_by(&self, point: &LogPoint) -> bool {
        (self.0)(point)
    }
}

impl fmt::Debug for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Goal")
    }
}
