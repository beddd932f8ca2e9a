//! Reading the documents of one index. In: keys from the stream, or bounds of a range, and a session. Out: rendered
//! documents and ids to delete, all of one snapshot.
//!
//! Holds no state of its own between reads: any number of sessions may read at once.

use super::budget::{Halt, Share};
use super::distinct::Distinct;
use super::documents::Documents;
use super::id;
use super::id_key;
use super::keys::KeySet;
use super::layout::{Cell, Layout};
use super::levels::{Prepared, Roots};
use super::render::Malformed;
use super::rows::Rows;
use super::shared::Shared;
use crate::source::postgres::read::param::Param;
use crate::source::postgres::read::session::{Session, Snapshot, each, read, value};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{BoundedStatements, DocumentStatements, LevelStatements, Order, Program};
use std::ops::Range;
use std::sync::Arc;
use tokio_postgres::Statement;

/// A key of the root table in the binary form it was read in: the end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound(Vec<Vec<u8>>);

/// What is read: after one key, up to and including another; open where there is none.
pub(super) struct Span<'a> {
    after: Option<&'a Bound>,
    until: Option<&'a Bound>,
}

/// How a read went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Everything that was asked for is there.
    Complete,
    /// It would have taken more memory than its share. What was added is of no use; read less.
    TooMuch {
        /// How many roots are likely to fit; at least one.
        fitting: usize,
    },
}

impl Read {
    /// Of a read that had taken in so many roots when it ended.
    fn of(outcome: std::result::Result<(), Halt>, roots: usize) -> Result<Self> {
        match outcome {
            Ok(()) => Ok(Self::Complete),
            Err(Halt::Exceeded) => Ok(Self::TooMuch { fitting: (roots / 2).max(1) }),
            Err(Halt::Failed(error)) => Err(error),
        }
    }
}

/// Reads documents of one index.
#[derive(Debug, Clone)]
pub struct DocumentReader {
    program: Arc<Program>,
    document: usize,
    pub(super) layout: Arc<Layout>,
    pub(super) keys_per_statement: usize,
}

impl DocumentReader {
    /// A reader of the document at this position of the program. `keys_per_statement` bounds how many keys or link
    /// values one statement is asked.
    ///
    /// # Errors
    /// When the plan asks for something this runtime cannot render.
    pub fn new(program: Arc<Program>, document: usize, keys_per_statement: usize) -> Result<Self> {
        let layout = Arc::new(Layout::new(&program.plan, &program.plan.documents[document])?);
        Ok(Self { program, document, layout, keys_per_statement: keys_per_statement.max(1) })
    }

    /// How many values a key of the root has.
    pub fn key_arity(&self) -> usize {
        self.program.plan.documents[self.document].root().key.len()
    }

    /// The key that an `_id` was made of; `None` where it cannot be one of this document.
    pub fn key_of(&self, id: &str) -> Option<KeySet> {
        let root = self.program.plan.documents[self.document].root();
        let cells = &self.layout.levels[0].cells;
        let of: Vec<_> = self.layout.id.iter().map(|position| (cells[*position].kind, cells[*position].form)).collect();
        let parts = id_key::parts(id, &of)?;
        // The parts stand in the order of the `_id`, a key in that of the statement.
        let column = |part: usize| root.select[self.layout.id[part]].column;
        let part = |key: &_| (0..parts.len()).find(|part| column(*part) == *key).map(|part| parts[part].as_slice());
        let values: Vec<&[u8]> = root.key.iter().map(part).collect::<Option<_>>()?;
        let mut keys = KeySet::new(values.len());
        keys.insert(values);
        Some(keys)
    }

    /// Reads the documents of the keys in a range. A key without a row, and one that the database finds under another
    /// spelling, has its own `_id` deleted. Each `_id` comes once. `shared` is of this document and of reads for the same
    /// version.
    ///
    /// # Errors
    /// Those of the database, by what they mean; nothing is added to `out` then that would be wrong to write.
    pub async fn read_keys(
        &self,
        session: &mut Session,
        (keys, range): (&KeySet, Range<usize>),
        shared: &Shared,
        out: &mut Documents,
    ) -> Result<Read> {
        if range.is_empty() {
            return Ok(Read::Complete);
        }
        let by_key = self.prepare_roots_by_key(session).await?;
        let levels = self.prepare_levels(session, None).await?;
        let snapshot = Snapshot::begin(session).await?;
        let mut seen = 0;
        let outcome = self.read_keys_in(session, (&by_key, &levels), (keys, range), shared, (out, &mut seen)).await;
        Read::of(snapshot.end(session, outcome).await, seen)
    }

    async fn read_keys_in(
        &self,
        session: &Session,
        (by_key, levels): (&Statement, &[Option<Prepared>]),
        (keys, range): (&KeySet, Range<usize>),
        shared: &Shared,
        (out, seen): (&mut Documents, &mut usize),
    ) -> std::result::Result<(), Halt> {
        let parts = self.layout.id.len();
        let exists = 1 + parts;
        let mut found = Distinct::default();
        let mut asked = Distinct::default();
        let count = out.count();
        for start in range.clone().step_by(self.keys_per_statement) {
            let chunk = start..range.end.min(start + self.keys_per_statement);
            let params = keys.array_literals(chunk).into_iter().map(Param::Text).collect();
            count.reset(out.bytes() + found.bytes() + asked.bytes());
            let mut roots = Roots { rows: Rows::new(by_key.columns().len()), offset: exists + 1 };
            let table = &self.layout.levels[0].table;
            let read = read(session.client(), by_key, params, table, &count, &mut roots.rows).await;
            *seen += roots.rows.len();
            read?;
            // Rows that were found and are not rendered yet; a row may answer to several keys.
            let mut fresh = Vec::with_capacity(roots.rows.len());
            for row in 0..roots.rows.len() {
                let rows = &roots.rows;
                asked.insert(|out| self.id(rows, row, 1, None, out))?;
                fresh.push(
                    rows.value(row, exists) == Some(&[1]) && {
                        found.insert(|out| self.id(rows, row, roots.offset, Some(&self.layout.id), out))?.1
                    },
                );
            }
            roots.rows.retain(&fresh);
            self.assemble(session, levels, &roots, (shared, &count), out).await?;
            out.took(count.used());
        }
        for id in asked.iter().filter(|id| !found.contains(id)) {
            out.delete(id);
        }
        out.settle();
        Ok(())
    }

    /// Reads the documents of a range of the root's key: after `after`, up to and including `until`.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn read_range(
        &self,
        session: &mut Session,
        after: Option<&Bound>,
        until: Option<&Bound>,
        shared: &Shared,
        out: &mut Documents,
    ) -> Result<Read> {
        let span = Span { after, until };
        let sql = span.of(&self.statements().roots_by_range.rows);
        let params = span.params();
        let table = self.layout.levels[0].table.clone();
        let statement = session.prepare(&sql.sql, &table, |statement| self.check(statement, 0, 0)).await?;
        let levels = self.prepare_levels(session, Some(&span)).await?;
        let snapshot = Snapshot::begin(session).await?;
        let count = out.count();
        let mut roots = Roots { rows: Rows::new(statement.columns().len()), offset: 0 };
        let outcome = async {
            read(session.client(), &statement, params, &table, &count, &mut roots.rows).await?;
            self.assemble(session, &levels, &roots, (shared, &count), out).await?;
            out.took(count.used());
            out.settle();
            Ok(())
        }
        .await;
        Read::of(snapshot.end(session, outcome).await, roots.rows.len())
    }

    /// The key `rows` rows further on, where a range can be cut; `None` when fewer are left.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn cut(&self, session: &mut Session, after: Option<&Bound>, rows: i64) -> Result<Option<Bound>> {
        let ranges = &self.statements().roots_by_range;
        let sql = if after.is_some() { &ranges.cut_next } else { &ranges.cut_first };
        let mut params: Vec<Param> = after.into_iter().flat_map(Bound::params).collect();
        params.push(Param::Binary(rows.to_be_bytes().to_vec()));
        let answer = self.query(session, &sql.sql, params).await?;
        if answer.len() == 0 {
            return Ok(None);
        }
        let key: Option<Vec<Vec<u8>>> =
            (0..answer.width()).map(|column| answer.value(0, column).map(<[u8]>::to_vec)).collect();
        key.map(|key| Some(Bound(key))).ok_or_else(|| {
            let table = &self.layout.levels[0].table;
            Error::new(ErrorKind::Refused, format!("a row of {table} has NULL in its key"))
                .help("declare the key's columns NOT NULL, or name other columns as `primary_key`")
        })
    }

    /// The planner's estimate of the number of root rows, for progress only.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn estimate(&self, session: &mut Session) -> Result<i64> {
        let answer = self.query(session, &self.statements().roots_by_range.estimate.sql, Vec::new()).await?;
        let estimate = (answer.len() > 0).then(|| answer.value(0, 0)).flatten();
        Ok(estimate.and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_be_bytes))
    }

    /// Adds the keys of the roots that hold rows with these link values of a route, which is a position in the
    /// document's routes. Returns false, and leaves off, when `out` takes more than `most` bytes.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn roots(
        &self,
        session: &mut Session,
        route: usize,
        links: &KeySet,
        most: usize,
        out: &mut KeySet,
    ) -> Result<bool> {
        let Some(statement) = &self.statements().routes[route] else {
            out.extend(links);
            return Ok(true);
        };
        let table = &self.layout.levels[0].table;
        let statement = session.prepare(&statement.sql, table, |_| Ok(())).await?;
        for start in (0..links.len()).step_by(self.keys_per_statement) {
            let chunk = start..links.len().min(start + self.keys_per_statement);
            let params = links.array_literals(chunk).into_iter().map(Param::Text).collect();
            let read = each(session.client(), &statement, params, table, |row| {
                // A root without a key has no document.
                out.try_insert((0..row.len()).map(|column| value(row, column, table)))?;
                if out.bytes() > most { Err(Halt::Exceeded) } else { Ok(()) }
            });
            match read.await {
                Ok(()) => {}
                Err(Halt::Exceeded) => {
                    session.abandon().await;
                    return Ok(false);
                }
                Err(Halt::Failed(error)) => {
                    session.forget_statements();
                    return Err(error);
                }
            }
        }
        Ok(true)
    }

    pub(super) fn statements(&self) -> &DocumentStatements {
        &self.program.statements[self.document]
    }

    /// Runs one statement on its own.
    async fn query(&self, session: &mut Session, sql: &str, params: Vec<Param>) -> Result<Rows> {
        let table = &self.layout.levels[0].table;
        let statement = session.prepare(sql, table, |_| Ok(())).await?;
        let mut rows = Rows::new(statement.columns().len());
        match read(session.client(), &statement, params, table, &Share::unlimited().count(), &mut rows).await {
            Ok(()) | Err(Halt::Exceeded) => Ok(rows),
            Err(Halt::Failed(error)) => {
                session.forget_statements();
                Err(error)
            }
        }
    }

    async fn prepare_roots_by_key(&self, session: &mut Session) -> Result<Statement> {
        let root = &self.layout.levels[0];
        let parts = self.layout.id.len();
        session
            .prepare(&self.statements().roots_by_key.sql, &root.table, |statement| {
                let asked: Vec<Cell> = self.layout.id.iter().map(|position| root.cells[*position]).collect();
                self.check_cells(statement, 0, 1, &asked)?;
                self.check(statement, 0, parts + 2)
            })
            .await
    }

    /// Whether the columns of a statement from `offset` on are those of a node.
    pub(super) fn check(&self, statement: &Statement, node: usize, offset: usize) -> Result<()> {
        self.check_width(statement, node, offset + self.layout.levels[node].cells.len())?;
        self.check_cells(statement, node, offset, &self.layout.levels[node].cells)
    }

    /// The same of a level's rows, which may have columns besides that only order them.
    pub(super) fn check_level(&self, statement: &Statement, node: usize, of: &LevelStatements) -> Result<()> {
        let level = &self.layout.levels[node];
        let besides = match &of.order {
            Order::Reader(by) if of.join.is_none() => {
                by.iter().filter(|column| column.position >= level.cells.len()).count()
            }
            _ => 0,
        };
        self.check_width(statement, node, 1 + level.cells.len() + besides)?;
        self.check_cells(statement, node, 1, &level.cells)
    }

    fn check_width(&self, statement: &Statement, node: usize, columns: usize) -> Result<()> {
        if statement.columns().len() == columns {
            return Ok(());
        }
        Err(self.layout.levels[node].malformed("the number of columns"))
    }

    fn check_cells(&self, statement: &Statement, node: usize, offset: usize, cells: &[Cell]) -> Result<()> {
        for (cell, column) in cells.iter().zip(statement.columns().iter().skip(offset)) {
            if !cell.is_delivered_as(column.type_()) {
                let table = &self.layout.levels[node].table;
                return Err(Error::new(
                    ErrorKind::Drift,
                    format!(
                        "column {} of {table} was compiled as {:?} and is now of type {}",
                        column.name(),
                        cell.kind,
                        column.type_()
                    ),
                )
                .help("take a new catalogue snapshot and compile the schema again"));
            }
        }
        Ok(())
    }

    /// Appends the `_id` of a row. `positions` are those of the parts behind `offset`; without them the parts stand
    /// there one after the other.
    pub(super) fn id(
        &self,
        rows: &Rows,
        row: usize,
        offset: usize,
        positions: Option<&[usize]>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let root = &self.layout.levels[0];
        let composite = self.layout.id.len() > 1;
        for (part, &cell) in self.layout.id.iter().enumerate() {
            if part > 0 {
                out.push(b'|');
            }
            let column = offset + positions.map_or(part, |positions| positions[part]);
            let cell = root.cells[cell];
            id::part(cell.kind, cell.form, composite, rows.value(row, column), out)
                .map_err(|Malformed| root.malformed("a part of the key"))?;
        }
        Ok(())
    }
}

impl Span<'_> {
    /// The statement for these bounds.
    pub(super) fn of<'s>(&self, statements: &'s BoundedStatements) -> &'s pgsync_plan::Statement {
        match (self.after, self.until) {
            (None, None) => &statements.all,
            (None, Some(_)) => &statements.until,
            (Some(_), None) => &statements.after,
            (Some(_), Some(_)) => &statements.between,
        }
    }

    pub(super) fn params(&self) -> Vec<Param> {
        self.after.into_iter().chain(self.until).flat_map(Bound::params).collect()
    }
}

impl Bound {
    fn params(&self) -> impl Iterator<Item = Param> {
        self.0.iter().map(|value| Param::Binary(value.clone()))
    }
}
