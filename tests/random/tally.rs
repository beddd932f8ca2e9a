//! What was done, for the person who reads it.

use std::fmt;

#[derive(Default, Clone, Copy, Debug)]
pub(super) struct Tally {
    pub(super) seeds: u64,
    pub(super) tables: u64,
    pub(super) nodes: u64,
    pub(super) transactions: u64,
    pub(super) prepared: u64,
    pub(super) statements: u64,
    pub(super) refused: u64,
    pub(super) kills: u64,
    pub(super) failpoints: u64,
    pub(super) restarts: u64,
    pub(super) crashes: u64,
    pub(super) closed: u64,
    pub(super) cuts: u64,
    pub(super) faults: u64,
    pub(super) versions: u64,
    pub(super) compared: u64,
    pub(super) differences: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{} seeds: {} tables, {} nodes; {} transactions ({} prepared first) of {} statements ({} refused); {} kills, {} ends at a failpoint, \
             {} restarts and {} crashes of the database, {} indexes closed, {} cuts, {} requests gone wrong; {} documents \
             compared, {} versions looked at, {} differences",
            self.seeds,
            self.tables,
            self.nodes,
            self.transactions,
            self.prepared,
            self.statements,
            self.refused,
            self.kills,
            self.failpoints,
            self.restarts,
            self.crashes,
            self.closed,
            self.cuts,
            self.faults,
            self.compared,
            self.versions,
            self.differences
        )
    }
}
