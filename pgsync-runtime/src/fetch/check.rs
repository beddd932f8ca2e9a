//! Whether a prepared statement gives what the plan expects of it. In: its columns, as the source describes them. Out:
//! nothing, or the column that has another type than it was compiled with.

use super::reader::DocumentReader;
use crate::source::PreparedStatement;
use crate::{Error, ErrorKind, Result};
use pgsync_plan::Codec;

impl DocumentReader {
    /// Whether the columns of a statement from `offset` on are those of a node.
    pub(super) fn check(&self, statement: &impl PreparedStatement, node: usize, offset: usize) -> Result<()> {
        self.check_width(statement, node, offset + self.layout.levels[node].cells.len())?;
        self.check_cells(statement, node, offset, &self.layout.levels[node].cells)
    }

    /// The same of a level's rows, which may have columns besides that only order them.
    pub(super) fn check_level(&self, statement: &impl PreparedStatement, node: usize) -> Result<()> {
        let level = &self.layout.levels[node];
        self.check_width(statement, node, 1 + level.cells.len() + level.order_columns + level.join_cells.len())?;
        self.check_cells(statement, node, 1, &level.cells)?;
        self.check_cells(statement, node, 1 + level.cells.len() + level.order_columns, &level.join_cells)
    }

    fn check_width(&self, statement: &impl PreparedStatement, node: usize, columns: usize) -> Result<()> {
        if statement.width() == columns {
            return Ok(());
        }
        Err(self.layout.levels[node].malformed("the number of columns"))
    }

    pub(super) fn check_cells(
        &self,
        statement: &impl PreparedStatement,
        node: usize,
        offset: usize,
        cells: &[Codec],
    ) -> Result<()> {
        for (position, codec) in cells.iter().enumerate() {
            if let Some((column, found)) = statement.mismatch(offset + position, *codec) {
                let table = &self.layout.levels[node].table;
                return Err(Error::new(
                    ErrorKind::Drift,
                    format!("column {column} of {table} was compiled as {codec:?} and is now of type {found}"),
                )
                .help("take a new catalogue snapshot and compile the schema again"));
            }
        }
        Ok(())
    }
}
