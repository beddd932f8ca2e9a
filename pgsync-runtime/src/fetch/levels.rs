//! Reading what stands below the roots. In: rows of the root, and a session in a snapshot. Out: one document per root row.
//!
//! One statement per level, whatever the number of roots; levels of one depth do not wait for each other.

use super::assemble::{Assembler, LevelRows, Rendered};
use super::documents::Documents;
use super::layout::Level;
use super::links::{Found, Links, Of};
use super::reader::{DocumentReader, Span};
use super::rows::Rows;
use super::session::{Session, read};
use super::shared::Shared;
use crate::Result;
use futures_util::future::try_join_all;
use tokio_postgres::Statement;
use tokio_postgres::types::Kind;

/// Rows of the root, with the column at which its cells begin.
pub(super) struct Roots {
    pub(super) rows: Rows,
    pub(super) offset: usize,
}

/// The statements of a level.
pub(super) struct Prepared {
    /// For the join rows, where they are read apart.
    join: Option<Statement>,
    rows: Statement,
    /// In place of the first of them, where it can be read by the range of the roots.
    range: Option<Statement>,
}

impl DocumentReader {
    /// Prepares the statements of every level, for roots of a range or for others.
    pub(super) async fn prepare_levels(
        &self,
        session: &mut Session,
        span: Option<&Span<'_>>,
    ) -> Result<Vec<Option<Prepared>>> {
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
            let width = 1 + rows.params().len();
            let check_join = |join: &Statement| {
                if join.columns().len() == width { Ok(()) } else { Err(level.malformed("the join rows")) }
            };
            let join = match statements.joins.get(node).and_then(Option::as_ref) {
                None => None,
                Some(join) => Some(session.prepare(&join.sql, &level.table, check_join).await?),
            };
            let range = match (span, statements.ranges.get(node).and_then(Option::as_ref)) {
                (Some(span), Some(by)) => {
                    let sql = &span.of([&by.all, &by.until, &by.after, &by.between]).sql;
                    let check = |range: &Statement| {
                        if join.is_some() { check_join(range) } else { self.check(range, node, 1) }
                    };
                    Some(session.prepare(sql, &level.table, check).await?)
                }
                _ => None,
            };
            prepared.push(Some(Prepared { join, rows, range }));
        }
        Ok(prepared)
    }

    /// Reads the levels below these roots, depth by depth, and adds one document per root row.
    pub(super) async fn assemble(
        &self,
        session: &Session,
        statements: &[Option<Prepared>],
        roots: &Roots,
        span: Option<&Span<'_>>,
        shared: &Shared,
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
            let reads = levels.iter().enumerate().filter(|(_, level)| level.depth == depth).map(|(node, level)| {
                let (parents, offset) = match level.parent {
                    Some(parent) if parent > 0 => (below[parent].as_ref().map(|read| &read.found.rows), 1),
                    _ => (Some(&roots.rows), roots.offset),
                };
                let columns = level.parent_cells.iter().map(move |cell| offset + cell);
                let links = parents.map(|parents| Links::collect(parents, columns)).unwrap_or_default();
                async move {
                    let statements = statements[node].as_ref().ok_or_else(|| level.malformed("the statement"))?;
                    let range = statements.range.as_ref().zip(span);
                    Ok((node, self.read_level(session, node, statements, range, links, shared).await?))
                }
            });
            let read: Vec<(usize, LevelRows)> = try_join_all(reads.collect::<Vec<_>>()).await?;
            for (node, rows) in read {
                below[node] = Some(rows);
            }
        }
        let assembler = Assembler::new(&self.layout, &mut below, shared)?;
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
        statements: &Prepared,
        range: Option<(&Statement, &Span<'_>)>,
        links: Links,
        shared: &Shared,
    ) -> Result<LevelRows> {
        let level = &self.layout.levels[node];
        let (join, links) = match &statements.join {
            None => {
                if let Some((statement, span)) = range {
                    let found = self.walk(session, level, statement, span, &links).await?;
                    return Ok(LevelRows { join: None, links, known: Rendered::default(), found });
                }
                (None, links)
            }
            Some(statement) => {
                let found = match range {
                    Some((statement, span)) => self.walk(session, level, statement, span, &links).await?,
                    None => {
                        let all: Vec<usize> = (0..links.len()).collect();
                        self.ask(session, level, statement, &links, &all).await?
                    }
                };
                let children = Links::collect(&found.rows, 1..found.rows.width());
                (Some((links, found)), children)
            }
        };
        let (known, asked) =
            if level.shared { shared.recall(node, &links) } else { (Rendered::default(), (0..links.len()).collect()) };
        let found = self.ask(session, level, &statements.rows, &links, &asked).await?;
        Ok(LevelRows { join, links, known, found })
    }

    /// Runs a statement for the range that the roots were read by.
    async fn walk(
        &self,
        session: &Session,
        level: &Level,
        statement: &Statement,
        span: &Span<'_>,
        links: &Links,
    ) -> Result<Found> {
        let mut rows = Rows::new(statement.columns().len());
        read(session.client(), statement, span.params(), &level.table, &mut rows).await?;
        Ok(Found::by_value(rows, links))
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
                _ => Err(level.malformed("a parameter of the statement")),
            })
            .collect::<Result<Vec<u32>>>()?;
        let mut rows = Rows::new(statement.columns().len());
        let mut chunks = Vec::new();
        for (number, chunk) in asked.chunks(self.keys_per_statement).enumerate() {
            chunks.push((rows.len(), number * self.keys_per_statement));
            read(session.client(), statement, links.arrays(chunk, &elements), &level.table, &mut rows).await?;
        }
        Ok(Found { of: Of::Ordinal(chunks), rows })
    }
}
