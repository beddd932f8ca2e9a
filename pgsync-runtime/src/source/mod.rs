//! Where changes come from and rows are read: the traits that a database implements. In: settings. Out: a stream of
//! changes, the certainty that what was streamed can be read, and sessions that read.
//!
//! One folder per database. A source must not acknowledge anything by itself, or know what becomes of a change.

mod change;
mod continuation;
mod fingerprint;
#[cfg(test)]
pub(crate) mod memory;
#[cfg(feature = "mysql")]
pub mod mysql;
mod origin;
mod point;
pub mod postgres;
mod retention;

pub use change::{
    Before, Cell, Event, Relation, RelationColumn, RelationId, RowChange, Transaction, TransactionId, Tuple, Unlogged,
};
pub use continuation::Continuations;
pub use fingerprint::{ColumnFingerprint, Fingerprints, RelationFingerprint, TableFingerprint};
pub use origin::Origin;
pub use point::{Goal, LogPoint};
pub use retention::Retention;

use crate::Result;
use crate::fetch::{Bound, Halt, KeySet, LinkKeys};
use crate::position::{Mark, Position, Version};
use crate::sink::MaxVersion;
use crate::state::State;
use pgsync_plan::Codec;
use pgsync_plan::TableId;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::ops::Range;
use std::time::Duration;

/// A database whose changes are followed. A clone is another handle to the same.
pub trait Source: Clone + Send + Sync + 'static {
    /// The session that watches.
    type Lease: Lease;
    /// The stream of changes.
    type Stream: ChangeStream;
    /// What waits until the streamed can be read.
    type Visibility: Visibility;
    /// What reads rows.
    type Session: ReadSession;

    /// Opens the session that watches.
    fn lease(&self) -> impl Future<Output = Result<Self::Lease>> + Send;

    /// Starts to stream from where it was acknowledged last, or where [`Lease::resume`] says.
    fn stream(&self, lease: &Self::Lease) -> impl Future<Output = Result<Self::Stream>> + Send;

    /// Opens what waits for visibility, on the server whose stream is read.
    fn visibility(&self) -> impl Future<Output = Result<Self::Visibility>> + Send;

    /// Opens a session that reads.
    fn session(&self) -> impl Future<Output = Result<Self::Session>> + Send;

    /// Who holds up a session of ours just now, in words. For `/healthz` and the log only.
    fn held_up_by(&self) -> impl Future<Output = Result<Option<String>>> + Send;

    /// Reads a point of the log as clients spell it.
    ///
    /// # Errors
    /// What is accepted.
    fn goal(&self, text: &str) -> Result<Goal, String>;

    /// What stands at a position that this process has reached.
    fn point(&self, position: Position) -> LogPoint;

    /// What a state says is written.
    fn recorded(&self, state: &State) -> LogPoint {
        LogPoint { position: state.position, continuation: state.continuation.clone(), history: Some(state.timeline) }
    }

    /// The end of the log: whatever anybody has seen committed is before it.
    fn now(&self) -> impl Future<Output = Result<LogPoint>> + Send;

    /// What the server keeps of its log because it is not acknowledged; nothing where it does not keep it for us.
    fn retention(&self) -> impl Future<Output = Result<Option<Retention>>> + Send {
        std::future::ready(Ok(None))
    }
}

/// The session that watches: the right to work with a slot, held as long as the session, and answers about the set-up and
/// the log.
pub trait Lease: Send + Sync + 'static {
    /// The live catalogue at one moment, as far as capture depends on it.
    type Catalogue: Send + Sync;

    /// Takes the lock that keeps a second process out. It ends with the session.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable) while another process holds it.
    fn take(&self) -> impl Future<Output = Result<()>> + Send;

    /// Which database this is, and where its log stands.
    fn origin(&self) -> impl Future<Output = Result<Origin>> + Send;

    /// Reads the live catalogue.
    fn catalogue(&self) -> impl Future<Output = Result<Self::Catalogue>> + Send;

    /// Whether the database is the one the program was compiled for, and is set up, or with `set_up` can be. Changes
    /// nothing.
    fn check(&self, found: &Self::Catalogue, set_up: bool) -> impl Future<Output = Result<()>> + Send;

    /// Sets up what is missing. The catalogue as it is then.
    fn set_up(&self, found: Self::Catalogue) -> impl Future<Output = Result<Self::Catalogue>> + Send;

    /// Gives partitions that have joined what they need, where this may set up. A failure only means more work later.
    fn set_up_partitions(&self, found: &Self::Catalogue) -> impl Future<Output = ()> + Send;

    /// The relations that hold the rows of the program's tables.
    fn relations(&self, found: &Self::Catalogue) -> HashMap<RelationId, TableId>;

    /// What of the set-up the state has to remember.
    fn replaced(&self, found: &Self::Catalogue, state: Option<&State>) -> serde_json::Value;

    /// Why a state cannot be continued, if so.
    fn discontinuity(&self, found: &Self::Catalogue, state: &State, origin: &Origin) -> Option<String>;

    /// The catalogue, and what documents would be made from now.
    fn fingerprints(&self) -> impl Future<Output = Result<(Self::Catalogue, Fingerprints)>> + Send;

    /// The state that is worked from now on. A source whose server does not remember what was acknowledged begins there.
    fn resume(&self, _: &State) {}

    /// What the state keeps beside a position, where the position alone is not enough to continue.
    fn continuations(&self) -> Continuations {
        Continuations::default()
    }

    /// Nothing is read any more. Whether the state is to be written once more for that: it may say what only then is known.
    fn rest(&self) -> bool {
        false
    }

    /// Moves the stream to the end of the log: nothing before is needed.
    fn skip(&self) -> impl Future<Output = Result<Position>> + Send;

    /// Has the server keep nothing for us of what its log holds now. Whoever does this has to read everything anew. The right
    /// to work has to be held.
    fn give_up(&self) -> impl Future<Output = Result<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// Where a load that begins now may write: the stream carries everything after it, and everything before it is
    /// visible. May wait for transactions that are about to commit.
    fn low_mark(&self, waiting: impl FnMut(Waiting) + Send) -> impl Future<Output = Result<Mark>> + Send;

    /// The end of what is durable: everything a user has seen committed is before it.
    fn durable_end(&self) -> impl Future<Output = Result<Position>> + Send;

    /// The end of the log.
    fn log_end(&self) -> impl Future<Output = Result<Position>> + Send;

    /// Tells writers the end of the log. A lost session does not end a write: another one is opened.
    fn ceiling(&self) -> MaxVersion;

    /// Whether a document may carry this version, of those that are not beyond the end of the log: a source may know of some
    /// that none is written at.
    fn writes(&self, _version: Version) -> bool {
        true
    }

    /// Whether the users' commits are free of our stream. `stream` is [`ChangeStream::session`].
    fn stands_aside(&self, stream: i32) -> impl Future<Output = Result<()>> + Send;
}

/// Committed changes, in the order of their commits.
pub trait ChangeStream: Send + Sized + 'static {
    /// What arrives.
    type Message: Message + Send + Sync;
    /// What acknowledges.
    type Acknowledge: Acknowledge;

    /// The next message. Cancelling the wait loses nothing. After an error the stream is over.
    ///
    /// # Errors
    /// [`ErrorKind::Reload`](crate::ErrorKind::Reload) where the stream no longer carries everything.
    fn next(&mut self) -> impl Future<Output = Result<Self::Message>> + Send;

    /// The next message if one has arrived.
    fn try_next(&mut self) -> Result<Option<Self::Message>>;

    /// A handle that acknowledges while the stream is being read.
    fn acknowledge(&self) -> Self::Acknowledge;

    /// The server's side of it.
    fn session(&self) -> i32;

    /// Reports the last acknowledgement and ends the stream.
    fn close(self) -> impl Future<Output = Result<()>> + Send;
}

/// What a stream hands over.
pub trait Message {
    /// Its rows.
    type Tuple<'a>: Tuple<'a>
    where
        Self: 'a;

    /// What it says.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn event(&self) -> Result<Event<Self::Tuple<'_>>>;
}

/// Acknowledges from anywhere.
pub trait Acknowledge: Send + Sync {
    /// Everything before this position is written and recorded. A smaller one than before changes nothing.
    fn acknowledge(&self, position: Position);
}

/// Waits until what was streamed can be read.
pub trait Visibility: Send + 'static {
    /// Returns once every one of these transactions, all of them committed, is visible to any later snapshot. `waiting` is
    /// told about once a second what it waits for.
    fn establish(
        &mut self,
        transactions: &[TransactionId],
        waiting: impl FnMut(Waiting) + Send,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// As in "waiting for ...".
    pub what: String,
    /// How long the wait has lasted.
    pub since: Duration,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// A connection that reads rows, and the statements prepared on it.
pub trait ReadSession: Send + Sync + 'static {
    /// A prepared statement.
    type Statement: PreparedStatement + Clone + Send + Sync;
    /// A row of an answer.
    type Row: ReadRow;

    /// Prepares a statement unless that was done; `check` sees it once. `reading` names what is read, for messages.
    fn prepare(
        &mut self,
        text: &str,
        reading: &str,
        check: impl FnOnce(&Self::Statement) -> Result<()> + Send,
    ) -> impl Future<Output = Result<Self::Statement>> + Send;

    /// Opens a snapshot: everything read until it ends is of one moment, which the first statement fixes.
    fn begin(&mut self) -> impl Future<Output = Result<()>> + Send;

    /// Ends the snapshot and hands the outcome of the read on.
    fn end<T: Send>(
        &mut self,
        outcome: std::result::Result<T, Halt>,
    ) -> impl Future<Output = std::result::Result<T, Halt>> + Send;

    /// Runs a statement and looks at one row after the other, until one is not wanted.
    fn each(
        &self,
        statement: &Self::Statement,
        arguments: Arguments<'_>,
        reading: &str,
        take: impl FnMut(&Self::Row) -> std::result::Result<(), Halt> + Send,
    ) -> impl Future<Output = std::result::Result<(), Halt>> + Send;

    /// Every row that a relation holds itself: the values of these columns, in the form of the stream. Not part of a
    /// snapshot. A relation that is gone has no rows.
    fn rows_of(
        &self,
        relation: RelationId,
        columns: &[&str],
        take: impl FnMut(&[Option<&[u8]>]) -> std::result::Result<(), Halt> + Send,
    ) -> impl Future<Output = std::result::Result<(), Halt>> + Send;

    /// Ends whatever the server still answers and nobody reads any more.
    fn abandon(&self) -> impl Future<Output = ()> + Send;

    /// Forgets the prepared statements, because one of them failed: its tables may have changed.
    fn forget_statements(&mut self);
}

/// What of a prepared statement is held against the plan.
pub trait PreparedStatement {
    /// How many columns its rows have.
    fn width(&self) -> usize;
    /// How many arguments it takes, where each stands for one column of keys.
    fn arity(&self) -> usize;
    /// The name and the type of a column, where that does not hold what is expected.
    fn mismatch(&self, column: usize, expected: Codec) -> Option<(String, String)>;
}

/// A row of an answer.
pub trait ReadRow {
    /// How many values it has.
    fn width(&self) -> usize;
    /// The bytes of a value; none for NULL.
    fn value(&self, column: usize) -> Result<Option<&[u8]>>;
}

/// What a statement is asked with. How it reaches the statement is the source's affair.
#[derive(Debug, Clone)]
pub enum Arguments<'a> {
    /// Nothing.
    None,
    /// Keys or link values, in the form of the stream.
    Keys(&'a KeySet, Range<usize>),
    /// Link values, as they were read: those with these numbers.
    LinkKeys(&'a LinkKeys, &'a [usize]),
    /// The bounds of a range, as they were read; then a number.
    Range {
        /// The bounds that there are.
        bounds: [Option<&'a Bound>; 2],
        /// How many rows, or bytes.
        number: Option<i64>,
    },
}
