//! Capture by triggers, for servers on which logical replication is not to be had. In: settings and a program. Out: what the
//! pipeline needs of a source, over ordinary sessions: no slot, no publication, no replication connection.
//!
//! Row triggers write each change into a table of our own, the outbox, in the transaction that makes it. The outbox is what
//! is not written yet: rows are deleted once their documents are, so a process that was killed finds them again.
//!
//! **Which rows are new.** Ids are handed out before commits, so whoever reads "what is behind the last id" loses the
//! transaction that commits late. Here every row carries its transaction (`txid_current()`), and a look at the outbox takes
//! a snapshot (`txid_current_snapshot()`): new is what this snapshot sees and the one of the look before did not. That is
//! exact, in whatever order transactions commit, and nobody waits for the oldest of them (`snapshot`, `drain`).
//!
//! **What a version claims.** A look reads the end of the log, then takes its snapshot, then hands rows out; documents are
//! read after that. So each write at version V is read in a snapshot that was opened when the log had reached V, and a
//! document that does not hold a transaction was read before that transaction became visible. The look that finds the
//! transaction is a later one. Its version must be a greater one, for the engine takes an equal version for the same write:
//! two looks may find the log at the same place, when the second sees a transaction whose commit record was there before the
//! first. Then a record of our own is put into the log (`pg_logical_emit_message`, not transactional) and the look is done
//! again. A stream begins with such a record, so no version of an earlier process is used again. A load writes at what is
//! acknowledged, which is below the version of every look whose rows are still to be written (`lease`).
//!
//! **What a position claims.** Everything that was visible when the log stood there is written. A commit stands in the log
//! before it is visible, so a look that finds the disk to have V claims V - 1: whoever reads a lesser place than V has read
//! it before the look. That holds of what is on disk, the least of the ends that a client may ask for; of the end of the log
//! it does not: there, at a place that is not on disk, a commit may become visible after the look and be told that it is at a
//! lesser one. V itself is claimed where nobody had written and was invisible, in a log that stood there before and after.
//! Before rows are handed out, the log is flushed up to the version they get, so a crash of the server never takes the log
//! back behind a version that stands in an index (`drain`).
//!
//! `layout` says which columns are captured, `statements` what is made in the database, `catalogue` what is there, `setup`
//! what is missing, `record` reads the captured values, `outbox` the table, `drain` follows it, `stream` hands over,
//! `ledger` keeps what is handed out and not written, `lease` watches, `source` puts them together.

mod catalogue;
mod drain;
mod layout;
mod lease;
mod ledger;
mod outbox;
mod record;
mod setup;
mod snapshot;
mod source;
mod statements;
mod stream;

pub use setup::script;
pub(crate) use source::Triggers;
