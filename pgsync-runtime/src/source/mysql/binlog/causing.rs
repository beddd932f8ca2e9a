//! Changes that cause others which are not logged. In: the rows of a table that others refer to. Out: the tables whose rows may
//! have changed with them.

use super::kind::{Change, Rows};
use super::refusal::Result;
use super::rows::{self, Head};
use super::table::Table;
use super::value;
use super::wanted::Cause;
use crate::source::RelationId;

/// What changes of a table cause, with the places of its columns.
#[derive(Debug, Clone)]
pub(super) struct Causing {
    cause: Cause,
    columns: Vec<usize>,
}

impl Causing {
    /// As the table is described.
    pub(super) fn of(cause: &Cause, table: &Table) -> Result<Self> {
        let mut columns = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            // Keys do not tell letters of either case in names apart.
            if cause.columns.iter().any(|name| name.eq_ignore_ascii_case(&column.name)) {
                value::check(table, column)?;
                columns.push(at);
            }
        }
        Ok(Self { cause: cause.clone(), columns })
    }

    /// The tables whose rows may be others after an event.
    pub(super) fn caused(&self, kind: Rows, head: Head<'_>, table: &Table) -> Result<Option<Vec<RelationId>>> {
        let caused = match kind.change {
            Change::Write => return Ok(None),
            Change::Delete => &self.cause.on_delete,
            Change::Update if self.cause.on_update.is_empty() || !self.moves(kind, head, table)? => return Ok(None),
            Change::Update => &self.cause.on_update,
        };
        Ok((!caused.is_empty()).then(|| caused.iter().copied().collect()))
    }

    /// Whether a row has other values in the columns afterwards. What an update does not log it did not touch.
    fn moves(&self, kind: Rows, head: Head<'_>, table: &Table) -> Result<bool> {
        let mut moves = false;
        rows::rows(kind, head, table, RelationId(0), &self.columns, |row| {
            moves |= row.is_another();
        })?;
        Ok(moves)
    }
}
