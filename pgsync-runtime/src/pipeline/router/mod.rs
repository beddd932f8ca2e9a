//! From row changes to link values. In: row changes of the stream. Out: a [`Batch`]. Every change is checked for the old
//! values its routes need; where a change lacks them, the identity of its rows is not what it was, and all documents of
//! that index are read again at the position of the change. No database is asked here.

use super::batch::Batch;
use crate::source::{Before, Cell, Relation, RelationId, RowChange, Tuple};
use crate::{Error, ErrorKind, Result};
use hashbrown::HashMap as FastMap;
use pgsync_plan::{ColumnId, Document, Program, RouteKind, TableId};
use std::collections::HashMap;
use std::sync::Arc;

/// Follows the descriptions of relations and sorts row changes into batches.
#[derive(Debug)]
pub(super) struct Router {
    program: Arc<Program>,
    /// Where each table occurs: document and route.
    occurrences: Vec<Vec<(usize, usize)>>,
    /// The table behind each relation, from the catalogue.
    tables: HashMap<RelationId, TableId>,
    /// What the stream has announced; `None`: not of concern. Looked up for every row; the ids are the source's own, so
    /// nobody outside can make them collide.
    relations: FastMap<RelationId, Option<Announced>>,
}

/// A relation as the stream announced it.
#[derive(Debug)]
struct Announced {
    table: TableId,
    /// For each column of a tuple: which column of the plan's table it is.
    columns: Vec<Option<ColumnId>>,
    /// Per column of the plan's table: whether the key that comes with an old row covers it.
    keyed: Vec<bool>,
}

/// What a relation is that the stream describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announcement {
    /// It was not there at the start and has to be looked up: it may be a new leaf of a partitioned table.
    Unknown,
    /// Described for the first time.
    First,
    /// Described again: its definition may have changed.
    Again,
}

/// Room for a row's cells by [`ColumnId`]. Tables with more used columns than are near need one allocation per row.
struct Row<'a> {
    near: [Cell<'a>; 24],
    far: Vec<Cell<'a>>,
}

impl<'a> Row<'a> {
    #[inline]
    fn new() -> Self {
        Self { near: [Cell::Absent; 24], far: Vec::new() }
    }

    /// The cells of a tuple, `count` of them; a column that the stream does not carry is absent.
    #[inline]
    fn read(&mut self, tuple: impl Tuple<'a>, announced: &Announced, count: usize) -> &[Cell<'a>] {
        let cells = if count > self.near.len() {
            self.far.resize(count, Cell::Absent);
            self.far.as_mut_slice()
        } else {
            &mut self.near[..count]
        };
        for (cell, column) in tuple.cells().zip(&announced.columns) {
            if let Some(ColumnId(column)) = *column {
                cells[column] = cell;
            }
        }
        cells
    }
}

/// Whether a change could be followed along a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Followed {
    Yes,
    /// A value that the route needs is not known.
    No,
}

impl Router {
    /// A router for a program over the relations that hold the rows of its tables now.
    pub(super) fn new(program: Arc<Program>, tables: HashMap<RelationId, TableId>) -> Self {
        let mut occurrences = vec![Vec::new(); program.plan.tables.len()];
        for (position, document) in program.plan.documents.iter().enumerate() {
            for (route, of) in document.routes.iter().enumerate() {
                occurrences[of.table.0].push((position, route));
            }
        }
        Self { program, occurrences, tables, relations: FastMap::new() }
    }

    /// Takes in the description of a relation.
    pub(super) fn announce(&mut self, relation: &Relation) -> Announcement {
        let Some(&table) = self.tables.get(&relation.id) else {
            self.relations.insert(relation.id, None);
            return Announcement::Unknown;
        };
        let of = self.program.plan.table(table);
        let find = |name: &str| of.columns.iter().position(|column| column.name == name).map(ColumnId);
        let columns: Vec<_> = relation.columns.iter().map(|column| find(&column.name)).collect();
        let mut keyed = vec![false; of.columns.len()];
        for (announced, column) in relation.columns.iter().zip(&columns) {
            if let Some(ColumnId(column)) = column {
                keyed[*column] = announced.key;
            }
        }
        match self.relations.insert(relation.id, Some(Announced { table, columns, keyed })) {
            None => Announcement::First,
            Some(_) => Announcement::Again,
        }
    }

    /// Follows a relation that was not there at the start, and that the stream has described.
    pub(super) fn adopt(&mut self, relation: &Relation, table: TableId) {
        self.tables.insert(relation.id, table);
        self.announce(relation);
    }

    /// Takes in emptied tables: every document that uses one of them is read again as a whole.
    pub(super) fn truncate(&self, relations: impl IntoIterator<Item = RelationId>, batch: &mut Batch) {
        for relation in relations {
            if let Some(TableId(table)) = self.tables.get(&relation) {
                batch.truncated.push(*table);
                for (document, _) in &self.occurrences[*table] {
                    batch.everything(*document);
                }
            }
        }
    }

    /// Takes in a changed row.
    ///
    /// # Errors
    /// [`ErrorKind::Fatal`] for a row of a relation that was not described.
    pub(super) fn change<'a, T: Tuple<'a>>(&self, change: &RowChange<T>, batch: &mut Batch) -> Result<()> {
        let announced = match self.relations.get(&change.relation) {
            Some(Some(announced)) => announced,
            Some(None) => return Ok(()),
            None => {
                return Err(Error::new(
                    ErrorKind::Fatal,
                    "the stream carries a row of a relation it has not announced",
                ));
            }
        };
        let count = self.program.plan.table(announced.table).columns.len();
        let (old, whole) = match change.before {
            Before::Whole(old) => (Some(old), true),
            Before::Key(old) => (Some(old), false),
            Before::Nothing => (None, true),
            Before::SameKey => (None, false),
        };
        let (mut old_row, mut new_row) = (Row::new(), Row::new());
        let old = old.map(|tuple| old_row.read(tuple, announced, count));
        let new = change.after.map(|tuple| new_row.read(tuple, announced, count));
        for &(document, route) in &self.occurrences[announced.table.0] {
            let of = &self.program.plan.documents[document].routes[route];
            if let (true, Some(old), Some(new)) = (whole, old, new)
                && of.watch.iter().all(|column| same(old[column.0], new[column.0]))
            {
                continue;
            }
            if of.is_everything() {
                batch.everything(document);
                continue;
            }
            // Old values first: known from the old row, or, where none was sent, unchanged because the key covers them.
            let known = |column: &ColumnId| whole || announced.keyed[column.0];
            let mut followed = if of.link.iter().all(known) { Followed::Yes } else { Followed::No };
            if let (Followed::Yes, Some(old)) = (followed, old) {
                followed = self.add(batch, document, route, |column| old[column.0]);
            }
            if let (Followed::Yes, Some(new)) = (followed, new) {
                // An unchanged value is the old row's.
                followed = self.add(batch, document, route, |column| match (new[column.0], old) {
                    (Cell::Unchanged, Some(old)) => old[column.0],
                    (cell, _) => cell,
                });
            }
            if followed == Followed::No {
                batch.everything(document);
            }
        }
        Ok(())
    }

    fn add<'a>(
        &self,
        batch: &mut Batch,
        document: usize,
        route: usize,
        cell: impl Fn(ColumnId) -> Cell<'a>,
    ) -> Followed {
        let Document { routes, key, .. } = &self.program.plan.documents[document];
        let of = &routes[route];
        for (position, &column) in of.link.iter().enumerate() {
            match cell(column) {
                Cell::Value(_) => {}
                // A document without a routing has an address all the same.
                Cell::Null if of.kind == RouteKind::Root && position >= key.len() => {}
                Cell::Null => return Followed::Yes,
                Cell::Unchanged | Cell::Absent => return Followed::No,
            }
        }
        let values = of.link.iter().map(|&column| match cell(column) {
            Cell::Value(value) => value,
            _ => &[],
        });
        batch.insert(document, route, of.kind, values);
        Followed::Yes
    }
}

/// Whether a value is known to be the same. Of a column that is absent nothing is known.
#[inline]
fn same(old: Cell<'_>, new: Cell<'_>) -> bool {
    match (old, new) {
        (_, Cell::Unchanged) => true,
        (Cell::Value(old), Cell::Value(new)) => old == new,
        (Cell::Null, Cell::Null) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
