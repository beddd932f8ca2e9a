//! Reading what stands below the roots. In: rows of the root, and a session in a snapshot. Out: one document per root row.
//!
//! One statement per level, whatever the number of roots; levels of one depth do not wait for each other.

use super::assemble::{Assembler, LevelRows, Rendered};
use super::budget::{Count, Halt};
use super::documents::Documents;
use super::key_range::KeyRange;
use super::layout::Level;
use super::links::{GroupedRows, LinkKeys, ordinal};
use super::reader::{DocumentReader, read};
use super::row_cache::RowCache;
use super::rows::Rows;
use crate::Result;
use crate::source::{Arguments, PreparedStatement, ReadSession};
use futures_util::future::try_join_all;
use pgsync_plan::{LevelStatements, OrderColumn};

/// Rows of the root, with the column at which its cells begin.
pub(super) struct RootRows {
    pub(super) rows: Rows,
    pub(super) offset: usize,
}

/// How rows are found.
pub(super) enum LevelSource<'a, S: ReadSession> {
    /// By the link values of their parents.
    Ask(S::Statement),
    /// By the range that the roots are read by, whose bounds are the parameters.
    Walk(S::Statement, &'a KeyRange<'a>),
}

/// The statements of a level.
pub(super) struct Prepared<'a, S: ReadSession> {
    /// For the join rows, where they are read apart.
    join: Option<LevelSource<'a, S>>,
    rows: LevelSource<'a, S>,
}

impl DocumentReader {
    /// Prepares the statements of every level, for roots of a range or for others.
    pub(super) async fn prepare_levels<'a, S: ReadSession>(
        &self,
        session: &mut S,
        span: Option<&'a KeyRange<'a>>,
    ) -> Result<Vec<Option<Prepared<'a, S>>>> {
        let mut prepared = Vec::with_capacity(self.layout.levels.len());
        for (node, statements) in self.statements().levels.iter().enumerate() {
            prepared.push(match statements {
                Some(statements) => Some(self.prepare_level(session, node, statements, span).await?),
                None => None,
            });
        }
        Ok(prepared)
    }

    async fn prepare_level<'a, S: ReadSession>(
        &self,
        session: &mut S,
        node: usize,
        statements: &LevelStatements,
        span: Option<&'a KeyRange<'a>>,
    ) -> Result<Prepared<'a, S>> {
        let level = &self.layout.levels[node];
        let check_rows = |statement: &S::Statement| self.check_level(statement, node);
        let range = span.zip(statements.range.as_ref()).map(|(span, range)| (span.of(range), span));
        let way = |statement, range: Option<(_, &'a KeyRange<'a>)>| match range {
            Some((_, span)) => LevelSource::Walk(statement, span),
            None => LevelSource::Ask(statement),
        };
        let Some(join) = &statements.join else {
            let sql = &range.as_ref().map_or(&statements.rows, |(statement, _)| statement).sql;
            let rows = session.prepare(sql, &level.table, check_rows).await?;
            return Ok(Prepared { join: None, rows: way(rows, range) });
        };
        let rows = session.prepare(&statements.rows.sql, &level.table, check_rows).await?;
        let width = 1 + rows.arity();
        let check_join = |join: &S::Statement| {
            if join.width() == width { Ok(()) } else { Err(level.malformed("the join rows")) }
        };
        let sql = &range.as_ref().map_or(join, |(statement, _)| statement).sql;
        let join = session.prepare(sql, &level.table, check_join).await?;
        Ok(Prepared { join: Some(way(join, range)), rows: LevelSource::Ask(rows) })
    }

    /// Reads the levels below these roots, depth by depth, and adds one document per root row.
    pub(super) async fn assemble<S: ReadSession>(
        &self,
        session: &S,
        statements: &[Option<Prepared<'_, S>>],
        roots: &RootRows,
        (shared, count): (&RowCache, &Count),
        out: &mut Documents,
    ) -> std::result::Result<(), Halt> {
        if roots.rows.len() == 0 {
            return Ok(());
        }
        let mut below = self.nothing_below();
        self.read_below(session, statements, Some(roots), (shared, count), &mut below).await?;
        let assembler = Assembler::new(&self.layout, &mut below, shared, count)?;
        let before = out.bytes();
        let (mut id, mut routing) = (Vec::new(), Vec::new());
        for row in 0..roots.rows.len() {
            id.clear();
            self.id(&roots.rows, row, roots.offset, Some(&self.layout.id), &mut id)?;
            if let Some(position) = self.layout.routing {
                routing.clear();
                self.routing(roots.rows.value(row, roots.offset + position), &mut routing)?;
            }
            let at = (row, roots.offset);
            out.index_routed(&id, &routing, |out| assembler.root(&roots.rows, at, self.routed, out))?;
            count.check(out.bytes() - before)?;
        }
        count.add(out.bytes() - before);
        Ok(())
    }

    /// No level is read yet.
    pub(super) fn nothing_below(&self) -> Vec<Option<LevelRows>> {
        self.layout.levels.iter().map(|_| None).collect()
    }

    /// Reads the levels below the roots, or, without roots, those below the levels that are there, depth by depth.
    pub(super) async fn read_below<S: ReadSession>(
        &self,
        session: &S,
        statements: &[Option<Prepared<'_, S>>],
        roots: Option<&RootRows>,
        (shared, count): (&RowCache, &Count),
        below: &mut [Option<LevelRows>],
    ) -> std::result::Result<(), Halt> {
        let levels = &self.layout.levels;
        for depth in 1..=self.layout.depth() {
            // Levels of one depth do not wait for each other: their statements are sent one behind the other.
            let reads =
                levels.iter().enumerate().filter(|(_, level)| level.depth == depth).filter_map(|(node, level)| {
                    let (parents, offset) = match level.parent {
                        Some(parent) if parent > 0 => (&below[parent].as_ref()?.found.rows, 1),
                        _ => roots.map(|roots| (&roots.rows, roots.offset))?,
                    };
                    let links = LinkKeys::collect(parents, level.parent_cells.iter().map(|cell| offset + cell));
                    Some(async move {
                        let statements = statements[node].as_ref().ok_or_else(|| level.malformed("the statement"))?;
                        Ok::<_, Halt>((node, self.read_level(session, node, statements, links, (shared, count)).await?))
                    })
                });
            let read: Vec<(usize, LevelRows)> = try_join_all(reads.collect::<Vec<_>>()).await?;
            for (node, rows) in read {
                below[node] = Some(rows);
            }
        }
        Ok(())
    }

    async fn read_level<S: ReadSession>(
        &self,
        session: &S,
        node: usize,
        statements: &Prepared<'_, S>,
        links: LinkKeys,
        (shared, count): (&RowCache, &Count),
    ) -> std::result::Result<LevelRows, Halt> {
        let level = &self.layout.levels[node];
        let by = level.order.as_slice();
        let (join, links, by) = match &statements.join {
            None => (None, links, by),
            Some(way) => {
                let all: Vec<usize> = (0..links.len()).collect();
                let found = self.find(session, (level, by), way, (&links, &all), count).await?;
                let children = LinkKeys::collect(&found.rows, 1..found.rows.width());
                // Each child has one row.
                (Some((links, found)), children, &[][..])
            }
        };
        let (known, asked) = if level.shared {
            shared.recall(node, &links, count)?
        } else {
            (Rendered::default(), (0..links.len()).collect())
        };
        let found = self.find(session, (level, by), &statements.rows, (&links, &asked), count).await?;
        Ok(LevelRows { join, links, known, found })
    }

    /// Reads what hangs on these tuples, as many at a time as one statement may be asked, or on the roots of a range.
    async fn find<S: ReadSession>(
        &self,
        session: &S,
        (level, by): (&Level, &[OrderColumn]),
        way: &LevelSource<'_, S>,
        (links, asked): (&LinkKeys, &[usize]),
        count: &Count,
    ) -> std::result::Result<GroupedRows, Halt> {
        let statement = match way {
            LevelSource::Ask(statement) => statement,
            LevelSource::Walk(statement, span) => {
                let mut rows = Rows::new(statement.width());
                read(session, statement, span.arguments(), &level.table, count, &mut rows).await?;
                return Ok(GroupedRows::by_value(rows, links, by));
            }
        };
        let mut rows = Rows::new(statement.width());
        let mut tuples = Vec::new();
        for chunk in asked.chunks(self.keys_per_statement) {
            read(session, statement, Arguments::LinkKeys(links, chunk), &level.table, count, &mut rows).await?;
            for row in tuples.len()..rows.len() {
                let tuple = ordinal(&rows, row).ok().and_then(|ordinal| chunk.get(ordinal - 1));
                tuples.push(*tuple.ok_or_else(|| level.malformed("the ordinal"))? as u32);
            }
        }
        Ok(GroupedRows::new(rows, tuples, by))
    }
}
