//! Why a log cannot be read on. Out: one error that names what was found. No variant may hold a value of a row.

use thiserror::Error;

/// What stops the stream. Nothing that stops it is ever skipped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Fewer bytes than the thing needs, or more.
    #[error("{0} is damaged: its length does not fit what it holds")]
    Length(&'static str),
    /// Bytes that no server writes.
    #[error("{0} is damaged: it holds what no server writes")]
    Content(&'static str),
    /// The checksum is of other bytes.
    #[error("an event of type {kind} is damaged: its checksum is {found:08x} and should be {computed:08x}")]
    Checksum {
        /// Type of the event.
        kind: u8,
        /// What stands behind it.
        found: u32,
        /// What its bytes give.
        computed: u32,
    },
    /// An event type nobody knows.
    #[error("the server sent an event of the unknown type {0}")]
    UnknownEvent(u8),
    /// An event that is known and cannot be followed.
    #[error("the server sent {event}, which cannot be followed: {why}")]
    Event {
        /// Its name.
        event: &'static str,
        /// What it means, and the setting that avoids it.
        why: &'static str,
    },
    /// A transaction that is not what a transaction is made of.
    #[error("the stream lost a part of a transaction: {found} came {place}")]
    Order {
        /// What came.
        found: &'static str,
        /// Where it came.
        place: &'static str,
    },
    /// A change written as a statement: its rows are not in the log.
    #[error("a session logs statements and not rows: a statement that begins with {word} came inside a transaction")]
    Statement {
        /// Its first word.
        word: String,
    },
    /// A definition that nobody can tell the tables of.
    #[error("a statement that begins with {word} cannot be read")]
    Definition {
        /// Its first word.
        word: String,
    },
    /// A rows event whose table was not described.
    #[error("a change of rows names the table {0}, which the stream has not described")]
    UnknownTable(u64),
    /// A table without names of its columns.
    #[error("the columns of {table} come without names: binlog_row_metadata is not FULL in every session")]
    NoNames {
        /// The table.
        table: String,
    },
    /// A column whose values have no form here.
    #[error("the column {column} of {table} has {kind}, whose values cannot be read from the log")]
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// What it is.
        kind: &'static str,
    },
    /// A character set that cannot be decoded.
    #[error(
        "the column {column} of {table} has the collation {collation}, whose character set cannot be read from the log"
    )]
    Collation {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its number.
        collation: u64,
    },
    /// Text that is not of its character set.
    #[error("the column {column} of {table} holds text that is not of its character set")]
    Text {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A decision about a prepared transaction that was prepared before the stream began.
    #[error("a transaction was committed that was prepared before the stream began: its rows are unknown")]
    UnknownPrepared,
    /// A server without transaction ids.
    #[error("the server gives transactions no ids: gtid_mode has to be ON")]
    NoIds,
}

/// A result whose error is a [`Refusal`].
pub(super) type Result<T> = std::result::Result<T, Refusal>;
