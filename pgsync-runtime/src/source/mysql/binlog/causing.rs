//! Changes that cause others which are not logged. In: the rows of a table that others refer to. Out: the documents that may show
//! rows which have changed with them: all of a kind, or those that are found by values of the row as it was.

use super::kind::{Change, Rows};
use super::refusal::Result;
use super::rows::{self, Head, Row};
use super::table::Table;
use super::value;
use super::wanted::{Cause, Search};
use crate::fetch::routed_word;
use crate::source::{Cell, RelationId, Tuple as _, Unlogged};

/// What changes of a table cause, with the places of its columns.
#[derive(Debug, Clone)]
pub(super) struct Causing {
    cause: Cause,
    columns: Vec<usize>,
    /// Per search the positions of its columns among those.
    searched: Vec<Vec<usize>>,
}

impl Causing {
    /// As the table is described.
    pub(super) fn of(cause: &Cause, table: &Table) -> Result<Self> {
        // Keys do not tell letters of either case in names apart.
        let named = |at: usize, name: &String| name.eq_ignore_ascii_case(&table.columns[at].name);
        let mut columns = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            if cause.columns.iter().any(|name| named(at, name)) {
                value::check(table, column)?;
                columns.push(at);
            }
        }
        let searched = cause.searches.iter().map(|search| {
            let place = |name: &String| columns.iter().position(|at| named(*at, name));
            search.columns.iter().filter_map(place).collect()
        });
        Ok(Self { searched: searched.collect(), cause: cause.clone(), columns })
    }

    /// What an event of its rows has caused.
    pub(super) fn caused(&self, kind: Rows, head: Head<'_>, table: &Table) -> Result<Option<Unlogged>> {
        let (everything, acts): (_, fn(&Search) -> bool) = match kind.change {
            Change::Write => return Ok(None),
            Change::Delete => (&self.cause.on_delete, |search| search.on_delete),
            Change::Update => (&self.cause.on_update, |search| search.on_update),
        };
        let searches: Vec<(&Search, &Vec<usize>)> =
            self.cause.searches.iter().zip(&self.searched).filter(|(search, _)| acts(search)).collect();
        if everything.is_empty() && searches.is_empty() {
            return Ok(None);
        }
        let mut unlogged = Unlogged::default();
        if kind.change == Change::Delete && searches.is_empty() {
            unlogged.everything.extend(everything);
            return Ok(Some(unlogged));
        }
        rows::rows(kind, head, table, RelationId(0), &self.columns, |row| {
            // An update that leaves the columns alone causes nothing. What it does not log of them it did not touch.
            if row.is_another() {
                unlogged.everything.extend(everything);
                for (search, places) in &searches {
                    note(search, places, &row, &mut unlogged);
                }
            }
        })?;
        Ok((!unlogged.is_empty()).then_some(unlogged))
    }
}

/// The word by which documents are found that show what has hung on a row.
fn note(search: &Search, places: &[usize], row: &Row, unlogged: &mut Unlogged) {
    if unlogged.everything.contains(&search.document) {
        return;
    }
    let cells: Vec<Cell<'_>> = row.before.iter().flat_map(|before| before.cells()).collect();
    let values: Vec<Cell<'_>> = places.iter().filter_map(|place| cells.get(*place).copied()).collect();
    // Nothing refers to a NULL.
    if values.contains(&Cell::Null) {
        return;
    }
    let known = values.iter().filter_map(|cell| match cell {
        Cell::Value(value) => Some(*value),
        _ => None,
    });
    let known: Vec<&[u8]> = known.collect();
    match routed_word(search.route, known.iter().copied()).filter(|_| known.len() == search.columns.len()) {
        Some(word) => _ = unlogged.words.insert((search.document, word)),
        // A session has not logged them.
        None => _ = unlogged.everything.insert(search.document),
    }
}
