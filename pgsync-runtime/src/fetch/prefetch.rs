//! Small tables whose rows several documents show, read whole before a load. In: a level. Out: what its rows show, in
//! [`RowCache`], so that no range has to ask for them: a walk through a table costs a server a hundredth of looking up each
//! of its rows.
//!
//! Must not: read a table that takes more memory than is kept. A row that is not there, since it came later, is asked for
//! as ever.

use super::assemble::{Assembler, LevelRows, Rendered};
use super::budget::{Halt, Share};
use super::links::{GroupedRows, LinkKeys};
use super::reader::{DocumentReader, read};
use super::row_cache::{self, RowCache};
use super::rows::Rows;
use crate::Result;
use crate::source::{Arguments, PreparedStatement, ReadSession};

impl DocumentReader {
    /// The levels that [`DocumentReader::prefetch`] may read.
    pub fn prefetched(&self) -> impl Iterator<Item = usize> {
        let levels = self.statements().levels.iter().enumerate();
        levels.filter(|(_, level)| level.as_ref().is_some_and(|level| level.prefetch.is_some())).map(|(node, _)| node)
    }

    /// Reads the whole table of a level, where it is small, and keeps what its rows show. What takes more memory than the
    /// share is left.
    ///
    /// # Errors
    /// Those of the database, by what they mean.
    pub async fn prefetch<S: ReadSession>(
        &self,
        session: &mut S,
        node: usize,
        shared: &RowCache,
        share: Share,
    ) -> Result<()> {
        let Some(statements) = &self.statements().levels[node] else { return Ok(()) };
        let Some(prefetch) = &statements.prefetch else { return Ok(()) };
        let level = &self.layout.levels[node];
        let statement =
            session.prepare(&prefetch.sql, &level.table, |statement| self.check_level(statement, node)).await?;
        let levels = self.prepare_levels(session, None).await?;
        let count = share.count();
        session.begin().await?;
        let outcome = async {
            let mut rows = Rows::new(statement.width());
            let most = Arguments::Range { bounds: [None, None], number: Some(row_cache::WHOLE as i64) };
            read(session, &statement, most, &level.table, &count, &mut rows).await?;
            let links = LinkKeys::collect(&rows, 0..1);
            let tuples = links.of_rows();
            let found = GroupedRows::new(rows, tuples, &[]);
            // Nobody asks for join rows here.
            let join = statements.join.is_some().then(|| (LinkKeys::default(), GroupedRows::none()));
            let mut below = self.nothing_below();
            below[node] = Some(LevelRows { join, links, known: Rendered::default(), found });
            self.read_below(session, &levels, None, (shared, &count), &mut below).await?;
            shared.keep_whole(node);
            Assembler::new(&self.layout, &mut below, shared, &count).map(drop)
        }
        .await;
        match session.end(outcome).await {
            Ok(()) | Err(Halt::Exceeded) => Ok(()),
            Err(Halt::Failed(error)) => Err(error),
        }
    }
}
