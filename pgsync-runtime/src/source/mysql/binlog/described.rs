//! A table as the log describes it, as far as it is of concern. In: the description, what is wanted of the table, events of its
//! rows. Out: what is said of the table, and the steps that its rows are.

use super::causing::Causing;
use super::gtid::Flavour;
use super::kind::Rows;
use super::refusal::{Refusal, Result};
use super::rows;
use super::step::Step;
use super::table::{self, Table};
use super::value;
use super::wanted::{Followed, Wanted};
use crate::source::{Relation, RelationColumn, RelationId};

/// A table of concern.
#[derive(Debug, Clone)]
pub(super) struct Described {
    table: Table,
    /// Under which number it is followed, and the places of the wanted columns.
    followed: Option<(RelationId, Vec<usize>)>,
    causing: Option<Causing>,
}

impl Described {
    /// Reads a description, with what is to be said of the table where it is followed. None where it is of no concern.
    pub(super) fn of(
        head: table::Head<'_>,
        wanted: &Wanted,
        flavour: Flavour,
    ) -> Result<Option<(Self, Option<Relation>)>> {
        let (followed, cause) = (wanted.table(head.database, head.name), wanted.cause(head.database, head.name));
        if followed.is_none() && cause.is_none() {
            return Ok(None);
        }
        let table = table::table(head, flavour)?;
        if !table.named {
            return Err(Refusal::NoNames { table: format!("{}.{}", table.database, table.name) });
        }
        let causing = cause.map(|cause| Causing::of(cause, &table)).transpose()?;
        let (relation, followed) = match followed {
            Some(followed) => {
                let (relation, places) = columns(followed, &table)?;
                (Some(relation), Some((followed.relation, places)))
            }
            None => (None, None),
        };
        Ok(Some((Self { table, followed, causing }, relation)))
    }

    /// Reads an event of its rows.
    pub(super) fn rows(&self, kind: Rows, head: rows::Head<'_>, out: &mut Vec<Step>) -> Result<()> {
        if let Some((relation, columns)) = &self.followed {
            rows::rows(kind, head, &self.table, *relation, columns, |row| out.push(Step::Row(row)))?;
        }
        let caused = self.causing.as_ref().map(|causing| causing.caused(kind, head, &self.table)).transpose()?;
        out.extend(caused.flatten().map(Step::Unlogged));
        Ok(())
    }
}

/// What is said of a followed table, and the places of its wanted columns.
fn columns(followed: &Followed, table: &Table) -> Result<(Relation, Vec<usize>)> {
    let (mut places, mut columns) = (Vec::new(), Vec::new());
    for (at, column) in table.columns.iter().enumerate() {
        let readable = value::check(table, column);
        if followed.needed.contains(&column.name) {
            readable?;
        } else if readable.is_err() || !followed.watched.contains(&column.name) {
            continue;
        }
        places.push(at);
        columns.push(RelationColumn { name: column.name.clone(), key: column.key });
    }
    Ok((Relation { id: followed.relation, columns }, places))
}
