//! From row changes to link values. In: decoded messages of the stream. Out: a [`Batch`]. Every change is checked for
//! the old values its routes need; where a change lacks them, the replica identity is not what it was, and all documents
//! of that index are read again at the position of the change. No database is asked here.

use super::batch::Batch;
use crate::source::postgres::capture::Facts;
use crate::source::postgres::pgoutput::{Cell, OldKind, Relation, Tuple};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{ColumnId, Program, TableId};
use std::collections::HashMap;
use std::sync::Arc;

/// Follows Relation messages and sorts row changes into batches.
#[derive(Debug)]
pub(super) struct Router {
    program: Arc<Program>,
    /// Where each table occurs: document and route.
    occurrences: Vec<Vec<(usize, usize)>>,
    /// The table behind each relation oid, from the catalogue.
    tables: HashMap<u32, TableId>,
    /// What the stream has announced; `None`: not of concern.
    relations: HashMap<u32, Option<Announced>>,
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

/// What a change says of the row before it.
#[derive(Debug, Clone, Copy)]
enum Before {
    /// There was none: an insert.
    Nothing,
    /// The old row came along, whole or its key.
    Row(OldKind),
    /// It did not: the columns of the replica identity are as they were.
    SameKey,
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

/// A row's cells by [`ColumnId`]. A column that the stream does not carry at all (generated, not in a column list,
/// renamed) is absent, which is not the same as unchanged. Tables with more used columns than this need one allocation
/// per row.
struct Row<'a> {
    near: [Option<Cell<'a>>; 24],
    far: Vec<Option<Cell<'a>>>,
}

impl<'a> Row<'a> {
    fn read(tuple: &Tuple<'a>, announced: &Announced, count: usize) -> Self {
        let mut row = Self { near: [None; 24], far: Vec::new() };
        if count > row.near.len() {
            row.far = vec![None; count - row.near.len()];
        }
        for (position, cell) in tuple.iter().enumerate() {
            if let Some(Some(ColumnId(column))) = announced.columns.get(position) {
                match row.near.get_mut(*column) {
                    Some(near) => *near = Some(cell),
                    None => row.far[column - 24] = Some(cell),
                }
            }
        }
        row
    }

    fn get(&self, ColumnId(column): ColumnId) -> Option<Cell<'a>> {
        self.near.get(column).copied().unwrap_or_else(|| self.far[column - self.near.len()])
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
    /// A router for a program over the relations that exist now.
    pub(super) fn new(program: Arc<Program>, facts: &Facts) -> Self {
        let mut tables = HashMap::new();
        for (table, relations) in facts.tables.iter().enumerate() {
            tables.extend(relations.iter().map(|relation| (relation.oid, TableId(table))));
        }
        Self::over(program, tables)
    }

    /// A router for a program whose tables are these relations.
    pub(super) fn over(program: Arc<Program>, tables: HashMap<u32, TableId>) -> Self {
        let mut occurrences = vec![Vec::new(); program.plan.tables.len()];
        for (position, document) in program.plan.documents.iter().enumerate() {
            for (route, of) in document.routes.iter().enumerate() {
                occurrences[of.table.0].push((position, route));
            }
        }
        Self { program, occurrences, tables, relations: HashMap::new() }
    }

    /// Takes in a Relation message.
    pub(super) fn announce(&mut self, relation: &Relation) -> Announcement {
        let Some(&table) = self.tables.get(&relation.oid) else {
            self.relations.insert(relation.oid, None);
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
        match self.relations.insert(relation.oid, Some(Announced { table, columns, keyed })) {
            None => Announcement::First,
            Some(_) => Announcement::Again,
        }
    }

    /// Follows a relation that was not there at the start, and that the stream has described.
    pub(super) fn adopt(&mut self, relation: &Relation, table: TableId) {
        self.tables.insert(relation.oid, table);
        self.announce(relation);
    }

    /// Takes in an inserted row.
    ///
    /// # Errors
    /// See [`Router::update`].
    pub(super) fn insert(&self, relation: u32, new: &Tuple<'_>, batch: &mut Batch) -> Result<()> {
        self.change(relation, Before::Nothing, None, Some(new), batch)
    }

    /// Takes in a deleted row.
    ///
    /// # Errors
    /// See [`Router::update`].
    pub(super) fn delete(&self, relation: u32, old: (OldKind, &Tuple<'_>), batch: &mut Batch) -> Result<()> {
        self.change(relation, Before::Row(old.0), Some(old.1), None, batch)
    }

    /// Takes in an updated row.
    ///
    /// # Errors
    /// [`ErrorKind::Fatal`] for a row of an unannounced relation.
    pub(super) fn update(
        &self,
        relation: u32,
        old: Option<(OldKind, &Tuple<'_>)>,
        new: &Tuple<'_>,
        batch: &mut Batch,
    ) -> Result<()> {
        let before = old.as_ref().map_or(Before::SameKey, |(kind, _)| Before::Row(*kind));
        self.change(relation, before, old.map(|(_, tuple)| tuple), Some(new), batch)
    }

    /// Takes in TRUNCATE: every document that uses one of the tables is read again as a whole.
    pub(super) fn truncate(&self, relations: impl IntoIterator<Item = u32>, batch: &mut Batch) {
        for relation in relations {
            if let Some(TableId(table)) = self.tables.get(&relation) {
                batch.truncated.push(*table);
                for (document, _) in &self.occurrences[*table] {
                    batch.everything(*document);
                }
            }
        }
    }

    fn change(
        &self,
        relation: u32,
        before: Before,
        old: Option<&Tuple<'_>>,
        new: Option<&Tuple<'_>>,
        batch: &mut Batch,
    ) -> Result<()> {
        let announced = match self.relations.get(&relation) {
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
        let old = old.map(|tuple| Row::read(tuple, announced, count));
        let new = new.map(|tuple| Row::read(tuple, announced, count));
        for &(document, route) in &self.occurrences[announced.table.0] {
            let of = &self.program.plan.documents[document].routes[route];
            if let (Before::Row(OldKind::Full), Some(old), Some(new)) = (before, &old, &new)
                && of.watch.iter().all(|column| same(old.get(*column), new.get(*column)))
            {
                continue;
            }
            // Old values first: known from the old row, or, where none was sent, unchanged because the key covers them.
            let known = |column: &ColumnId| match before {
                Before::Nothing | Before::Row(OldKind::Full) => true,
                Before::Row(OldKind::Key) | Before::SameKey => announced.keyed[column.0],
            };
            let mut followed = if of.link.iter().all(known) { Followed::Yes } else { Followed::No };
            if let (Followed::Yes, Some(old)) = (followed, &old) {
                followed = self.add(batch, document, route, |column| old.get(column));
            }
            if let (Followed::Yes, Some(new)) = (followed, &new) {
                // An unchanged out-of-line value is the old row's.
                followed = self.add(batch, document, route, |column| match (new.get(column), &old) {
                    (Some(Cell::Unchanged), Some(old)) => old.get(column),
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
        cell: impl Fn(ColumnId) -> Option<Cell<'a>>,
    ) -> Followed {
        let of = &self.program.plan.documents[document].routes[route];
        for &column in &of.link {
            match cell(column) {
                Some(Cell::Text(_) | Cell::Binary(_)) => {}
                Some(Cell::Null) => return Followed::Yes,
                Some(Cell::Unchanged) | None => return Followed::No,
            }
        }
        let values = of.link.iter().map(|&column| match cell(column) {
            Some(Cell::Text(value) | Cell::Binary(value)) => value,
            _ => &[],
        });
        batch.insert(document, route, of.kind, values);
        Followed::Yes
    }
}

/// Whether a value is known to be the same. Of a column that is absent nothing is known.
fn same(old: Option<Cell<'_>>, new: Option<Cell<'_>>) -> bool {
    match (old, new) {
        (_, Some(Cell::Unchanged)) | (Some(Cell::Null), Some(Cell::Null)) => true,
        (Some(Cell::Text(old)), Some(Cell::Text(new))) | (Some(Cell::Binary(old)), Some(Cell::Binary(new))) => {
            old == new
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
