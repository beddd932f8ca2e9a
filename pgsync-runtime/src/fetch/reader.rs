//! Reading the documents of one index. In: keys from the stream, or bounds of a range, and a session. Out: rendered
//! documents and ids to delete, all of one snapshot.
//!
//! Holds no state of its own between reads: any number of sessions may read at once.

use super::budget::{Count, Halt, Share};
use super::distinct::Distinct;
use super::documents::Documents;
use super::id;
use super::id_key;
use super::key_range::{Bound, KeyRange};
use super::keys::KeySet;
use super::layout::{Layout, Member};
use super::levels::{Prepared, RootRows};
use super::render::{self, Malformed};
use super::rewrite::rewrite;
use super::row_cache::RowCache;
use super::rows::Rows;
use crate::source::{Arguments, PreparedStatement, ReadRow, ReadSession, RelationId};
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{Codec, DocumentStatements, FieldValue, Program, RouteKind};
use std::ops::Range;
use std::sync::Arc;

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
    /// Whether documents hold what they are found by.
    pub(super) routed: bool,
}

impl DocumentReader {
    /// A reader of the document at this position of the program. `keys_per_statement` bounds how many keys or link
    /// values one statement is asked.
    ///
    /// # Errors
    /// When the plan asks for something this runtime cannot render.
    pub fn new(program: Arc<Program>, document: usize, keys_per_statement: usize) -> Result<Self> {
        let layout = Arc::new(Layout::new(&program.plan, &program.plan.documents[document])?);
        Ok(Self { program, document, layout, keys_per_statement: keys_per_statement.max(1), routed: true })
    }

    /// Reads documents as they are shown, and not as they are written.
    #[must_use]
    pub fn as_shown(mut self) -> Self {
        self.routed = false;
        self
    }

    /// How many values a root is asked with.
    pub fn key_arity(&self) -> usize {
        self.program.plan.documents[self.document].address().len()
    }

    /// The key that an `_id` was made of, without a routing; `None` where it cannot be one of this document.
    pub fn key_of(&self, id: &str) -> Option<KeySet> {
        let document = &self.program.plan.documents[self.document];
        let cells = &self.layout.levels[0].cells;
        let of: Vec<_> = self.layout.id.iter().map(|position| cells[*position]).collect();
        let parts = id_key::parts(id, &of, self.program.dialect.before_bytes())?;
        // The parts stand in the order of the `_id`, a key in that of the statement.
        let column = |part: usize| document.root().select[self.layout.id[part]].column;
        let part = |key: &_| (0..parts.len()).find(|part| column(*part) == *key).map(|part| parts[part].as_slice());
        let mut values: Vec<&[u8]> = document.key.iter().map(part).collect::<Option<_>>()?;
        values.extend(self.layout.routing.map(|_| &b""[..]));
        let mut keys = KeySet::new(values.len());
        keys.insert(values);
        Some(keys)
    }

    /// Reads the documents of the keys in a range. A key without a row, and one that the database finds under another
    /// spelling or with another routing, has its own `_id` deleted, there where its routing leads. Each `_id` comes once. `shared` is of this document and of reads for the same
    /// version.
    ///
    /// # Errors
    /// Those of the database, by what they mean; nothing is added to `out` then that would be wrong to write.
    pub async fn read_keys<S: ReadSession>(
        &self,
        session: &mut S,
        (keys, range): (&KeySet, Range<usize>),
        shared: &RowCache,
        out: &mut Documents,
    ) -> Result<Read> {
        if range.is_empty() {
            return Ok(Read::Complete);
        }
        let by_key = self.prepare_roots_by_key(session).await?;
        let levels = self.prepare_levels(session, None).await?;
        session.begin().await?;
        let mut seen = 0;
        let outcome = self.read_keys_in(session, (&by_key, &levels), (keys, range), shared, (out, &mut seen)).await;
        Read::of(session.end(outcome).await, seen)
    }

    async fn read_keys_in<S: ReadSession>(
        &self,
        session: &S,
        (by_key, levels): (&S::Statement, &[Option<Prepared<'_, S>>]),
        (keys, range): (&KeySet, Range<usize>),
        shared: &RowCache,
        (out, seen): (&mut Documents, &mut usize),
    ) -> std::result::Result<(), Halt> {
        let asked_routing = self.layout.routing.map(|_| 1 + self.layout.id.len());
        let exists = 1 + self.layout.id.len() + usize::from(asked_routing.is_some());
        let mut found = Distinct::default();
        let mut asked = Distinct::default();
        let count = out.count();
        for start in range.clone().step_by(self.keys_per_statement) {
            let chunk = start..range.end.min(start + self.keys_per_statement);
            let asked_for = Arguments::Keys(keys, chunk);
            count.reset(out.bytes() + found.bytes() + asked.bytes());
            let mut roots = RootRows { rows: Rows::new(by_key.width()), offset: exists + 1 };
            let table = &self.layout.levels[0].table;
            let read = read(session, by_key, asked_for, table, &count, &mut roots.rows).await;
            *seen += roots.rows.len();
            read?;
            // Rows that were found and are not rendered yet; a row may answer to several keys.
            let mut fresh = Vec::with_capacity(roots.rows.len());
            for row in 0..roots.rows.len() {
                let rows = &roots.rows;
                asked.insert(|out| self.address(rows, row, (1, None, asked_routing), out))?;
                fresh.push(
                    rows.value(row, exists) == Some(&[1]) && {
                        let routing = self.layout.routing.map(|position| roots.offset + position);
                        let at = (roots.offset, Some(&*self.layout.id), routing);
                        found.insert(|out| self.address(rows, row, at, out))?.1
                    },
                );
            }
            roots.rows.retain(&fresh);
            self.assemble(session, levels, &roots, (shared, &count), out).await?;
            out.took(count.used());
        }
        for gone in asked.iter().filter(|asked| !found.contains(asked)) {
            match (self.layout.routing, gone.split_first_chunk::<4>()) {
                (Some(_), Some((length, rest))) => {
                    let (routing, id) = rest.split_at(u32::from_le_bytes(*length) as usize);
                    out.delete_copy(id, routing);
                }
                _ => out.delete(gone),
            }
        }
        out.settle();
        Ok(())
    }

    /// Reads the documents of a range of the root's key: after `after`, up to and including `until`.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn read_range<S: ReadSession>(
        &self,
        session: &mut S,
        after: Option<&Bound>,
        until: Option<&Bound>,
        shared: &RowCache,
        out: &mut Documents,
    ) -> Result<Read> {
        let span = KeyRange { after, until };
        let sql = span.of(&self.statements().roots_by_range.rows);
        let table = self.layout.levels[0].table.clone();
        let statement = session.prepare(&sql.sql, &table, |statement| self.check(statement, 0, 0)).await?;
        let levels = self.prepare_levels(session, Some(&span)).await?;
        session.begin().await?;
        let count = out.count();
        let mut roots = RootRows { rows: Rows::new(statement.width()), offset: 0 };
        let outcome = async {
            read(session, &statement, span.arguments(), &table, &count, &mut roots.rows).await?;
            self.assemble(session, &levels, &roots, (shared, &count), out).await?;
            out.took(count.used());
            out.settle();
            Ok(())
        }
        .await;
        Read::of(session.end(outcome).await, roots.rows.len())
    }

    /// The key `rows` rows further on, where a range can be cut; `None` when fewer are left.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn cut<S: ReadSession>(
        &self,
        session: &mut S,
        after: Option<&Bound>,
        rows: i64,
    ) -> Result<Option<Bound>> {
        let ranges = &self.statements().roots_by_range;
        let sql = if after.is_some() { &ranges.cut_next } else { &ranges.cut_first };
        let arguments = Arguments::Range { bounds: [after, None], number: Some(rows - 1) };
        let answer = self.query(session, &sql.sql, arguments).await?;
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

    /// The statement that cuts the next range: keys that it has cut mean something to it alone.
    pub fn cut_by(&self) -> &str {
        &self.statements().roots_by_range.cut_next.sql
    }

    /// The planner's estimate of the number of root rows, for progress only.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn estimate<S: ReadSession>(&self, session: &mut S) -> Result<i64> {
        let answer = self.query(session, &self.statements().roots_by_range.estimate.sql, Arguments::None).await?;
        let estimate = (answer.len() > 0).then(|| answer.value(0, 0)).flatten();
        Ok(estimate.and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_be_bytes))
    }

    /// Adds the keys of the roots that hold rows with these link values of a route, which is a position in the
    /// document's routes. Returns false, and leaves off, when `out` takes more than `most` bytes.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn roots<S: ReadSession>(
        &self,
        session: &mut S,
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
            let read = session.each(&statement, Arguments::Keys(links, chunk), table, |row| {
                // A root without a key has no document.
                out.try_insert((0..row.width()).map(|column| row.value(column)))?;
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

    /// Adds the link values of a route of every row that a relation holds. Returns false, and leaves off, when `out` takes
    /// more than `most` bytes.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub(crate) async fn links_of<S: ReadSession>(
        &self,
        session: &S,
        relation: RelationId,
        route: usize,
        most: usize,
        out: &mut KeySet,
    ) -> Result<bool> {
        let route = &self.program.plan.documents[self.document].routes[route];
        let table = self.program.plan.table(route.table);
        let columns: Vec<&str> = route.link.iter().map(|column| table.column(*column).name.as_str()).collect();
        // Behind the key of a root stands its routing, which may be NULL. Any other NULL links nothing.
        let key = if route.kind == RouteKind::Root {
            self.program.plan.documents[self.document].key.len()
        } else {
            columns.len()
        };
        let read = session.rows_of(relation, &columns, |values| {
            if values[..key].iter().all(Option::is_some) {
                out.insert(values.iter().map(|value| value.unwrap_or_default()));
            }
            if out.bytes() > most { Err(Halt::Exceeded) } else { Ok(()) }
        });
        match read.await {
            Ok(()) => Ok(true),
            Err(Halt::Exceeded) => {
                session.abandon().await;
                Ok(false)
            }
            Err(Halt::Failed(error)) => Err(error),
        }
    }

    pub(super) fn statements(&self) -> &DocumentStatements {
        &self.program.statements[self.document]
    }

    /// Runs one statement on its own.
    async fn query<S: ReadSession>(&self, session: &mut S, sql: &str, arguments: Arguments<'_>) -> Result<Rows> {
        let table = &self.layout.levels[0].table;
        let statement = session.prepare(sql, table, |_| Ok(())).await?;
        let mut rows = Rows::new(statement.width());
        match read(session, &statement, arguments, table, &Share::unlimited().count(), &mut rows).await {
            Ok(()) | Err(Halt::Exceeded) => Ok(rows),
            Err(Halt::Failed(error)) => {
                session.forget_statements();
                Err(error)
            }
        }
    }

    pub(super) async fn prepare_roots_by_key<S: ReadSession>(&self, session: &mut S) -> Result<S::Statement> {
        let root = &self.layout.levels[0];
        session
            .prepare(&self.statements().roots_by_key.sql, &root.table, |statement| {
                let handed_back = self.layout.id.iter().chain(&self.layout.routing);
                let asked: Vec<Codec> = handed_back.map(|position| root.cells[*position]).collect();
                self.check_cells(statement, 0, 1, &asked)?;
                self.check(statement, 0, asked.len() + 2)
            })
            .await
    }

    /// Appends what tells where the document of a row is kept: its `_id`, and before it, where there is one, the length and
    /// the text of the routing in column `routing`.
    fn address(
        &self,
        rows: &Rows,
        row: usize,
        (offset, positions, routing): (usize, Option<&[usize]>, Option<usize>),
        out: &mut Vec<u8>,
    ) -> Result<()> {
        if let Some(column) = routing {
            let start = out.len();
            out.extend_from_slice(&[0; 4]);
            self.routing(rows.value(row, column), out)?;
            let length = (out.len() - start - 4) as u32;
            out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        }
        self.id(rows, row, offset, positions, out)
    }

    /// Appends the routing as it stands in the document, rewritten as there. Engines take an empty one for none, as is NULL.
    pub(super) fn routing(&self, value: Option<&[u8]>, out: &mut Vec<u8>) -> Result<()> {
        let Some(position) = self.layout.routing else { return Ok(()) };
        let root = &self.layout.levels[0];
        let start = out.len();
        render::json(root.cells[position], value, out).map_err(|Malformed| root.malformed("the routing"))?;
        let shows = |member: &&Member| member.value == FieldValue::Select(position);
        if let Some(rule) = root.members.iter().find(shows).and_then(|member| member.rewrite.as_ref()) {
            let json = out.split_off(start);
            rewrite(rule, &json, out);
        }
        if matches!(&out[start..], b"null" | b"\"\"") {
            out.truncate(start);
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
            id::part(root.cells[cell], composite, rows.value(row, column), out)
                .map_err(|Malformed| root.malformed("a part of the key"))?;
        }
        Ok(())
    }
}

/// Runs a statement and adds its rows, as far as `count` allows. The caller adds them to the count.
pub(super) async fn read<S: ReadSession>(
    session: &S,
    statement: &S::Statement,
    arguments: Arguments<'_>,
    reading: &str,
    count: &Count,
    rows: &mut Rows,
) -> std::result::Result<(), Halt> {
    let before = rows.bytes();
    session
        .each(statement, arguments, reading, |row| {
            for column in 0..row.width() {
                rows.push(row.value(column)?);
            }
            count.check(rows.bytes() - before)
        })
        .await?;
    count.add(rows.bytes() - before);
    Ok(())
}
