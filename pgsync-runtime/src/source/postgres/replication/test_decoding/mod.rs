//! Changes from servers before PostgreSQL 10, which have no `pgoutput`. In: frames with lines of `test_decoding`, and what the
//! catalogue says of the tables. Out: frames as `pgoutput` would have filled them, so that everything behind reads one form.
//!
//! **A transaction is held until it has ended.** What is written for it carries the place of its commit, and this plugin tells
//! that place only at the end.
//!
//! **What an old row holds** is told by neither word nor letter: columns that were NULL are left out. A row with nothing but
//! columns of the primary key is taken as a key, whatever the replica identity; then the others count as not told, and documents
//! that need them are read again as a whole. So a table whose identity was lowered a moment ago loses nothing.
//!
//! `TRUNCATE` is not in the log of these servers. The file of a table is another one after it, which `pipeline/monitor.rs` sees.

mod encode;
mod held;
pub mod line;
mod table;

use super::frames::Frame;
use super::pgoutput::OldKind;
use crate::source::postgres::Lsn;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use held::{Held, Replay};
use line::{Change, Kind, Line};
use std::collections::HashMap;

pub use table::{Table, tables};

/// Before its end a commit has a record of more than this: a place within it is behind every commit before, and before
/// every mark behind.
const WITHIN_COMMIT: u64 = 8;

/// Frames of one plugin in the form of the other.
pub struct Translation {
    /// By name, as SQL writes it.
    tables: HashMap<String, Table>,
    /// The transaction that the server is sending.
    open: Option<(u32, Held)>,
    /// The transaction that is handed on.
    handed: Option<Handed>,
}

/// A transaction that has ended.
struct Handed {
    begin: Option<Vec<u8>>,
    changes: Replay,
    commit: Option<Vec<u8>>,
    end: Lsn,
}

impl Translation {
    /// Of these tables; those of others are passed over.
    pub fn new(tables: HashMap<String, Table>) -> Self {
        Self { tables, open: None, handed: None }
    }

    /// The next frame of a transaction that has ended. To be asked until there is none, before another frame is taken in.
    ///
    /// # Errors
    /// Where what is held cannot be read.
    pub fn hand_on(&mut self) -> Result<Option<Frame>> {
        let Some(handed) = &mut self.handed else { return Ok(None) };
        let payload: Option<Bytes> = match handed.begin.take() {
            Some(begin) => Some(begin.into()),
            None => match handed.changes.next()? {
                Some(change) => Some(change),
                None => handed.commit.take().map(Into::into),
            },
        };
        let end = handed.end;
        if payload.is_none() {
            self.handed = None;
        }
        Ok(payload.map(|payload| Frame::Data { wal_start: end, wal_end: end, payload }))
    }

    /// Takes in what the server has sent. A keepalive is handed back: it speaks of what is before the transaction that is held.
    ///
    /// # Errors
    /// What is not understood.
    pub fn take(&mut self, frame: Frame) -> Result<Option<Frame>> {
        let (payload, wal_start) = match frame {
            Frame::Data { payload, wal_start, .. } => (payload, wal_start),
            keepalive @ Frame::Keepalive { .. } => return Ok(Some(keepalive)),
        };
        match line::read(&payload)? {
            Line::Begin { xid } => {
                if self.open.replace((xid, Held::new())).is_some() {
                    return Err(torn("a transaction begins within another one"));
                }
            }
            Line::Commit { committed_at } => {
                let (xid, changes) = self.open.take().ok_or_else(|| torn("a transaction ends that has not begun"))?;
                let (end, place) = (wal_start, Lsn(wal_start.0.saturating_sub(WITHIN_COMMIT)));
                let at = committed_at.unwrap_or_default();
                self.handed = Some(Handed {
                    begin: Some(encode::begin(place, at, xid)),
                    changes: changes.replay()?,
                    commit: Some(encode::commit(place, end, at)),
                    end,
                });
            }
            Line::Change(change) => self.change(&change)?,
            Line::Truncate(names) => {
                let oids: Vec<u32> = names.iter().filter_map(|name| self.tables.get(*name)).map(Table::oid).collect();
                if !oids.is_empty() {
                    held(&mut self.open)?.push(&encode::truncate(&oids))?;
                }
            }
            Line::Message => {}
        }
        Ok(None)
    }

    fn change(&mut self, change: &Change<'_>) -> Result<()> {
        let held = held(&mut self.open)?;
        let Some(table) = self.tables.get_mut(change.table) else { return Ok(()) };
        let whole = table.learn(change);
        if let Some(description) = table.description(whole) {
            held.push(&description)?;
        }
        let old = change.old.map(|old| table.row(old)).transpose()?;
        let new = change.new.map(|new| table.row(new)).transpose()?.unwrap_or_default();
        let kind = if whole { OldKind::Full } else { OldKind::Key };
        held.push(&match change.kind {
            Kind::Insert => encode::insert(table.oid(), &new),
            Kind::Update => encode::update(table.oid(), old.as_deref().map(|old| (kind, old)), &new),
            // Without a replica identity nothing is told of it: a key without columns.
            Kind::Delete => encode::delete(table.oid(), kind, &old.unwrap_or_default()),
        })
    }
}

/// What is held of the transaction that a change is of.
fn held(open: &mut Option<(u32, Held)>) -> Result<&mut Held> {
    open.as_mut().map(|(_, held)| held).ok_or_else(|| torn("a change comes outside of a transaction"))
}

fn torn(what: &str) -> Error {
    Error::new(ErrorKind::Fatal, format!("the output of test_decoding is out of order: {what}"))
}
