//! From row changes to link values. In: decoded messages of the stream. Out: a [`Batch`]. Every change is checked for
//! the old values its routes need; a change that lacks them means that the set-up is not what it was, and the documents
//! are loaded again. No database is asked here.

use super::batch::Batch;
use crate::capture::Facts;
use crate::source::pgoutput::{Cell, OldKind, Relation, Tuple};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{ColumnId, Program, Table, TableId};
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

/// A row's cells by [`ColumnId`]. Tables with more used columns than this need one allocation per row.
struct Row<'a> {
    near: [Cell<'a>; 24],
    far: Vec<Cell<'a>>,
}

impl<'a> Row<'a> {
    fn read(tuple: &Tuple<'a>, announced: &Announced, count: usize) -> Self {
        let mut row = Self { near: [Cell::Unchanged; 24], far: Vec::new() };
        if count > row.near.len() {
            row.far = vec![Cell::Unchanged; count - row.near.len()];
        }
        for (position, cell) in tuple.iter().enumerate() {
            if let Some(Some(ColumnId(column))) = announced.columns.get(position) {
                match row.near.get_mut(*column) {
                    Some(near) => *near = cell,
                    None => row.far[column - 24] = cell,
                }
            }
        }
        row
    }

    fn get(&self, ColumnId(column): ColumnId) -> Cell<'a> {
        self.near.get(column).copied().unwrap_or_else(|| self.far[column - self.near.len()])
    }
}

/// What a route needs of a row cannot be known.
fn missing(table: &Table, column: ColumnId) -> Error {
    Error::new(
        ErrorKind::Reload,
        format!(
            "a change of {} came without the old value of `{}`: its replica identity is not what bootstrap set",
            table.qualified(),
            table.column(column).name
        ),
    )
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

    /// Takes in a Relation message. Returns whether the relation is one that was not there at the start, and so has to
    /// be looked up: it may be a new leaf of a partitioned table.
    ///
    /// # Errors
    /// [`ErrorKind::Drift`] when a used column is gone.
    pub(super) fn announce(&mut self, relation: &Relation) -> Result<bool> {
        let Some(&table) = self.tables.get(&relation.oid) else {
            self.relations.insert(relation.oid, None);
            return Ok(true);
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
        for (position, column) in of.columns.iter().enumerate() {
            if !columns.contains(&Some(ColumnId(position))) && of.old.contains(&ColumnId(position)) {
                return Err(Error::new(ErrorKind::Drift, format!("column {}.{} is gone", of.qualified(), column.name))
                    .help("run `cargo pgsync catalog`, generate and build again"));
            }
        }
        self.relations.insert(relation.oid, Some(Announced { table, columns, keyed }));
        Ok(false)
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
    /// [`ErrorKind::Reload`] when an old value is missing; [`ErrorKind::Fatal`] for a row of an unannounced relation.
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
        let table = self.program.plan.table(announced.table);
        let count = table.columns.len();
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
            for &column in &of.link {
                let known = match before {
                    Before::Nothing => true,
                    Before::Row(OldKind::Full) => true,
                    Before::Row(OldKind::Key) | Before::SameKey => announced.keyed[column.0],
                };
                if !known {
                    return Err(missing(table, column));
                }
            }
            if let Some(old) = &old {
                self.add(batch, document, route, table, |column| old.get(column))?;
            }
            if let Some(new) = &new {
                // An unchanged out-of-line value is the old row's.
                self.add(batch, document, route, table, |column| match (new.get(column), &old) {
                    (Cell::Unchanged, Some(old)) => old.get(column),
                    (cell, _) => cell,
                })?;
            }
        }
        Ok(())
    }

    fn add<'a>(
        &self,
        batch: &mut Batch,
        document: usize,
        route: usize,
        table: &Table,
        cell: impl Fn(ColumnId) -> Cell<'a>,
    ) -> Result<()> {
        let of = &self.program.plan.documents[document].routes[route];
        for &column in &of.link {
            match cell(column) {
                Cell::Text(_) | Cell::Binary(_) => {}
                Cell::Null => return Ok(()),
                Cell::Unchanged => return Err(missing(table, column)),
            }
        }
        let values = of.link.iter().map(|&column| match cell(column) {
            Cell::Text(value) | Cell::Binary(value) => value,
            Cell::Null | Cell::Unchanged => &[],
        });
        batch.insert(document, route, of.kind, values);
        Ok(())
    }
}

fn same(old: Cell<'_>, new: Cell<'_>) -> bool {
    match (old, new) {
        (_, Cell::Unchanged) => true,
        (Cell::Null, Cell::Null) => true,
        (Cell::Text(old), Cell::Text(new)) | (Cell::Binary(old), Cell::Binary(new)) => old == new,
        _ => false,
    }
}
