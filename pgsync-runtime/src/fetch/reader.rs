//! Reading the documents of one index. In: keys from the stream, or bounds of a range, and a session. Out: rendered
//! documents and ids to delete, all of one snapshot.
//!
//! Holds no state of its own between reads: any number of sessions may read at once.

use super::assemble::{Assembler, LevelRows, Rendered, malformed};
use super::distinct::Distinct;
use super::documents::Documents;
use super::id;
use super::keys::KeySet;
use super::layout::{Cell, Layout, Level};
use super::links::{Found, Links};
use super::param::Param;
use super::render::Malformed;
use super::rows::Rows;
use super::session::{Session, Snapshot, read};
use super::shared::Shared;
use crate::{Error, ErrorKind, Result};
use futures_util::future::try_join_all;
use pgsync_plan::{DocumentStatements, Program};
use std::ops::Range;
use std::sync::Arc;
use tokio_postgres::Statement;
use tokio_postgres::types::Kind;

/// A key of the root table in the binary form it was read in: the end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bound(Vec<Vec<u8>>);

/// Reads documents of one index.
#[derive(Debug, Clone)]
pub struct DocumentReader {
    program: Arc<Program>,
    document: usize,
    layout: Arc<Layout>,
    keys_per_statement: usize,
}

/// Rows of the root, with the column at which its cells begin.
struct Roots {
    rows: Rows,
    offset: usize,
}

/// The statements of a level.
struct Prepared {
    /// For the join rows, where they are read apart.
    join: Option<Statement>,
    rows: Statement,
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
        shared: &mut Shared,
        out: &mut Documents,
    ) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let by_key = self.prepare_roots_by_key(session).await?;
        let levels = self.prepare_levels(session).await?;
        let snapshot = Snapshot::begin(session).await?;
        let outcome = self.read_keys_in(session, &by_key, &levels, (keys, range), shared, out).await;
        snapshot.end(session, outcome).await
    }

    async fn read_keys_in(
        &self,
        session: &Session,
        by_key: &Statement,
        levels: &[Option<Prepared>],
        (keys, range): (&KeySet, Range<usize>),
        shared: &mut Shared,
        out: &mut Documents,
    ) -> Result<()> {
        let parts = self.layout.id.len();
        let exists = 1 + parts;
        let mut found = Distinct::default();
        let mut asked = Distinct::default();
        for start in range.clone().step_by(self.keys_per_statement) {
            let chunk = start..range.end.min(start + self.keys_per_statement);
            let params = keys.array_literals(chunk).into_iter().map(Param::Text).collect();
            let mut answer = Rows::new(by_key.columns().len());
            read(session.client(), by_key, params, &self.layout.levels[0].table, &mut answer).await?;
            // Rows that were found and are not rendered yet; a row may answer to several keys.
            let mut roots = Roots { rows: Rows::new(answer.width()), offset: exists + 1 };
            for row in 0..answer.len() {
                asked.insert(|out| self.id(&answer, row, 1, None, out))?;
                if answer.value(row, exists) != Some(&[1]) {
                    continue;
                }
                let (_, new) = found.insert(|out| self.id(&answer, row, roots.offset, Some(&self.layout.id), out))?;
                if new {
                    roots.rows.push_row(&answer, row);
                }
            }
            self.assemble(session, levels, &roots, shared, out).await?;
        }
        for id in asked.iter().filter(|id| !found.contains(id)) {
            out.delete(id);
        }
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
        shared: &mut Shared,
        out: &mut Documents,
    ) -> Result<()> {
        let ranges = &self.statements().roots_by_range;
        let sql = match (after, until) {
            (None, None) => &ranges.all,
            (None, Some(_)) => &ranges.until,
            (Some(_), None) => &ranges.after,
            (Some(_), Some(_)) => &ranges.between,
        };
        let params: Vec<Param> = after.into_iter().chain(until).flat_map(Bound::params).collect();
        let table = self.layout.levels[0].table.clone();
        let statement = session.prepare(&sql.sql, &table, |statement| self.check(statement, 0, 0)).await?;
        let levels = self.prepare_levels(session).await?;
        let snapshot = Snapshot::begin(session).await?;
        let outcome = async {
            let mut roots = Roots { rows: Rows::new(statement.columns().len()), offset: 0 };
            read(session.client(), &statement, params, &table, &mut roots.rows).await?;
            self.assemble(session, &levels, &roots, shared, out).await
        }
        .await;
        snapshot.end(session, outcome).await
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
    /// document's routes. Returns false, and leaves off, when there are more than `most`.
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
        // One more than wanted tells that there are more.
        let sql = format!(
            "SELECT * FROM ({}) AS found LIMIT {}",
            statement.sql,
            most.saturating_add(1).min(i64::MAX as usize)
        );
        for start in (0..links.len()).step_by(self.keys_per_statement) {
            let chunk = start..links.len().min(start + self.keys_per_statement);
            let params = links.array_literals(chunk).into_iter().map(Param::Text).collect();
            let answer = self.query(session, &sql, params).await?;
            for row in 0..answer.len() {
                // A root without a key has no document.
                if (0..answer.width()).all(|column| answer.value(row, column).is_some()) {
                    out.insert((0..answer.width()).filter_map(|column| answer.value(row, column)));
                }
            }
            if answer.len() > most || out.len() > most {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn statements(&self) -> &DocumentStatements {
        &self.program.statements[self.document]
    }

    /// Runs one statement on its own.
    async fn query(&self, session: &mut Session, sql: &str, params: Vec<Param>) -> Result<Rows> {
        let table = &self.layout.levels[0].table;
        let statement = session.prepare(sql, table, |_| Ok(())).await?;
        let mut rows = Rows::new(statement.columns().len());
        let outcome = read(session.client(), &statement, params, table, &mut rows).await;
        if outcome.is_err() {
            session.forget_statements();
        }
        outcome.map(|()| rows)
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

    async fn prepare_levels(&self, session: &mut Session) -> Result<Vec<Option<Prepared>>> {
        let statements = self.statements();
        let mut prepared = Vec::with_capacity(self.layout.levels.len());
        for (node, statement) in statements.levels.iter().enumerate() {
            let Some(statement) = statement else {
                prepared.push(None);
                continue;
            };
            let level = &self.layout.levels[node];
            let rows =
                session.prepare(&statement.sql, &level.table, |statement| self.check(statement, node, 1)).await?;
            let join = match statements.joins.get(node).and_then(Option::as_ref) {
                None => None,
                Some(join) => {
                    let width = 1 + rows.params().len();
                    let check = |join: &Statement| {
                        if join.columns().len() == width { Ok(()) } else { Err(malformed(level, "the join rows")) }
                    };
                    Some(session.prepare(&join.sql, &level.table, check).await?)
                }
            };
            prepared.push(Some(Prepared { join, rows }));
        }
        Ok(prepared)
    }

    /// Whether the columns of a statement from `offset` on are those of a node.
    fn check(&self, statement: &Statement, node: usize, offset: usize) -> Result<()> {
        let cells = &self.layout.levels[node].cells;
        if statement.columns().len() != offset + cells.len() {
            return Err(malformed(&self.layout.levels[node], "the number of columns"));
        }
        self.check_cells(statement, node, offset, cells)
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

    /// Reads the levels below these roots, depth by depth, and adds one document per root row.
    async fn assemble(
        &self,
        session: &Session,
        statements: &[Option<Prepared>],
        roots: &Roots,
        shared: &mut Shared,
        out: &mut Documents,
    ) -> Result<()> {
        if roots.rows.len() == 0 {
            return Ok(());
        }
        let levels = &self.layout.levels;
        let mut below: Vec<Option<LevelRows>> = Vec::new();
        below.resize_with(levels.len(), || None);
        for depth in 1..=self.layout.depth() {
            // Levels of one depth do not wait for each other: their statements are sent one behind the other.
            let reads =
                levels.iter().enumerate().filter(|(_, level)| level.depth == depth).map(|(node, level)| {
                    let (parents, offset) = match level.parent {
                        Some(parent) if parent > 0 => (below[parent].as_ref().map(|read| &read.found.rows), 1),
                        _ => (Some(&roots.rows), roots.offset),
                    };
                    let columns = level.parent_cells.iter().map(move |cell| offset + cell);
                    let links = parents.map(|parents| Links::collect(parents, columns)).unwrap_or_default();
                    let shared = &*shared;
                    async move {
                        Ok((node, self.read_level(session, node, statements[node].as_ref(), links, shared).await?))
                    }
                });
            let read: Vec<(usize, LevelRows)> = try_join_all(reads.collect::<Vec<_>>()).await?;
            for (node, rows) in read {
                below[node] = Some(rows);
            }
        }
        let assembler = Assembler::new(&self.layout, &below, shared)?;
        let mut id = Vec::new();
        for row in 0..roots.rows.len() {
            id.clear();
            self.id(&roots.rows, row, roots.offset, Some(&self.layout.id), &mut id)?;
            out.index(&id, |out| assembler.root(&roots.rows, row, roots.offset, out))?;
        }
        Ok(())
    }

    async fn read_level(
        &self,
        session: &Session,
        node: usize,
        statements: Option<&Prepared>,
        links: Links,
        shared: &Shared,
    ) -> Result<LevelRows> {
        let level = &self.layout.levels[node];
        let statements = statements.ok_or_else(|| malformed(level, "the statement"))?;
        let (join, links) = match &statements.join {
            None => (None, links),
            Some(statement) => {
                let all: Vec<usize> = (0..links.len()).collect();
                let found = self.ask(session, level, statement, &links, &all).await?;
                let children = Links::collect(&found.rows, 1..found.rows.width());
                (Some((links, found)), children)
            }
        };
        let mut known = Rendered::default();
        let mut asked = Vec::with_capacity(links.len());
        for tuple in 0..links.len() {
            let json = if level.shared { shared.get(node, links.tuple(tuple)) } else { None };
            if json.is_none() {
                asked.push(tuple);
            }
            known.push(json);
        }
        let found = self.ask(session, level, &statements.rows, &links, &asked).await?;
        Ok(LevelRows { join, links, known, found })
    }

    /// Runs a statement for these tuples, as many at a time as one may be asked.
    async fn ask(
        &self,
        session: &Session,
        level: &Level,
        statement: &Statement,
        links: &Links,
        asked: &[usize],
    ) -> Result<Found> {
        let elements = statement
            .params()
            .iter()
            .map(|ty| match ty.kind() {
                Kind::Array(element) => Ok(element.oid()),
                _ => Err(malformed(level, "a parameter of the statement")),
            })
            .collect::<Result<Vec<u32>>>()?;
        let mut rows = Rows::new(statement.columns().len());
        let mut chunks = Vec::new();
        for (number, chunk) in asked.chunks(self.keys_per_statement).enumerate() {
            chunks.push((rows.len(), number * self.keys_per_statement));
            read(session.client(), statement, links.arrays(chunk, &elements), &level.table, &mut rows).await?;
        }
        Ok(Found { chunks, rows })
    }

    /// Appends the `_id` of a row. `positions` are those of the parts behind `offset`; without them the parts stand
    /// there one after the other.
    fn id(&self, rows: &Rows, row: usize, offset: usize, positions: Option<&[usize]>, out: &mut Vec<u8>) -> Result<()> {
        let root = &self.layout.levels[0];
        let composite = self.layout.id.len() > 1;
        for (part, &cell) in self.layout.id.iter().enumerate() {
            if part > 0 {
                out.push(b'|');
            }
            let column = offset + positions.map_or(part, |positions| positions[part]);
            let cell = root.cells[cell];
            id::part(cell.kind, cell.form, composite, rows.value(row, column), out)
                .map_err(|Malformed| malformed(root, "a part of the key"))?;
        }
        Ok(())
    }
}

impl Bound {
    fn params(&self) -> impl Iterator<Item = Param> {
        self.0.iter().map(|value| Param::Binary(value.clone()))
    }
}
