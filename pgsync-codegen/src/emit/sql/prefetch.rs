//! Tables that a load reads whole before anything else. In: a node. Out: the statement: one walk through a small table costs
//! a hundredth of looking up each of its rows.

use super::Prefetch;
use super::document::Writer;
use pgsync_plan::{Link, Node, Statement};

impl Writer<'_> {
    /// Every row, with the value of its link before it.
    pub(super) fn prefetch(&self, node: &Node, link: &Link) -> Statement {
        let key = self.names("child", node.table, &link.child);
        let prefetch = Prefetch {
            columns: key.into_iter().chain(self.read(node, link)).collect(),
            alias: "child".to_owned(),
            filter: self.filter("child", node),
            most: self.dialect.count(1),
        };
        Statement { sql: self.dialect.prefetch(self.plan.table(node.table), &prefetch) }
    }
}
