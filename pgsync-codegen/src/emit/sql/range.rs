//! Reading in ranges, for loads. In: a document. Out: the statements that cut the root's key into ranges and read them, and
//! those that read what hangs on the root's key by the same range: one walk along an index instead of a look-up for each
//! key.

use super::Comparison::{self, Greater, LessOrEqual};
use super::Ranged;
use super::document::{ROOT, Value, Writer};
use pgsync_plan::{BoundedStatements, ColumnType, Link, Node, Order, RangeStatements, Statement, TableId};

/// What is read by ranges of its `key`.
#[derive(Clone)]
struct Rows<'a> {
    table: TableId,
    alias: &'a str,
    key: Vec<Value<'a>>,
    columns: Vec<String>,
    grouped: Vec<String>,
    order: Vec<String>,
    /// What holds of the rows where there are no bounds.
    whole: Vec<String>,
    /// What has to be asked of the rows whatever the bounds.
    always: Vec<String>,
}

impl Writer<'_> {
    /// The root, by ranges of its key.
    pub(super) fn roots_by_range(&self) -> RangeStatements {
        let root = self.document.root();
        let key = self.columns(ROOT, root.table, &self.document.key);
        let order: Vec<String> = key.iter().map(|(name, _)| name.clone()).collect();
        let columns = key.iter().map(|(name, ty)| self.dialect.bounding(name, ty)).collect();
        // A row of a view may have no key, and is no document then.
        let view = self.plan.table(root.table).kind.is_view();
        let mut always: Vec<String> =
            key.iter().filter(|_| view).map(|(name, _)| format!("{name} IS NOT NULL")).collect();
        // Ranges are cut along the key, whatever their rows show: a walk along an index looks at nothing else.
        let names = Rows {
            table: root.table,
            alias: ROOT,
            key,
            columns,
            grouped: Vec::new(),
            order,
            whole: Vec::new(),
            always: always.clone(),
        };
        always.extend(self.filter(ROOT, root));
        let rows = Rows { columns: self.select(ROOT, root), order: Vec::new(), always, ..names.clone() };
        RangeStatements {
            cut_first: self.between(&names, &[], true),
            cut_next: self.between(&names, &[Greater], true),
            rows: self.bounded(&rows),
            estimate: Statement { sql: self.dialect.estimate(self.plan.table(root.table)) },
        }
    }

    /// The rows of a node that hang on the root's key, or its join rows.
    pub(super) fn rows_by_range(&self, node: &Node, link: &Link) -> BoundedStatements {
        let rows = match &link.through {
            Some(through) => Rows {
                table: through.table,
                alias: "through",
                key: self.columns("through", through.table, &through.parent),
                columns: self.names("through", through.table, &through.child),
                grouped: Vec::new(),
                order: Vec::new(),
                whole: Vec::new(),
                always: Vec::new(),
            },
            None => Rows {
                table: node.table,
                alias: "child",
                key: self.columns("child", node.table, &link.child),
                columns: self.read(node, link),
                grouped: if node.is_aggregate() { self.names("child", node.table, &link.child) } else { Vec::new() },
                order: self.ordering("child", node),
                whole: Vec::new(),
                always: self.filter("child", node).into_iter().collect(),
            },
        };
        let names: Vec<String> = rows.key.iter().map(|(name, _)| name.clone()).collect();
        let columns = names.iter().cloned().chain(rows.columns).collect();
        let by_statement = link.reading.order == Order::Statement;
        let order = if by_statement { names.iter().cloned().chain(rows.order).collect() } else { Vec::new() };
        let whole = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        self.bounded(&Rows { columns, order, whole, ..rows })
    }

    fn bounded(&self, rows: &Rows) -> BoundedStatements {
        BoundedStatements {
            all: self.between(rows, &[], false),
            until: self.between(rows, &[LessOrEqual], false),
            after: self.between(rows, &[Greater], false),
            between: self.between(rows, &[Greater, LessOrEqual], false),
        }
    }

    /// Bounds are numbered in the order they are asked: `after` first.
    fn between(&self, rows: &Rows, comparisons: &[Comparison], skipped: bool) -> Statement {
        let mut takes: Vec<&ColumnType> = Vec::new();
        let mut bounds = if comparisons.is_empty() { rows.whole.clone() } else { Vec::new() };
        bounds.extend(rows.always.iter().cloned());
        for comparison in comparisons {
            let parameters = rows.key.iter().map(|(_, ty)| {
                takes.push(ty);
                self.dialect.bound(takes.len(), ty)
            });
            bounds.push(self.dialect.compare(&rows.key, *comparison, &parameters.collect::<Vec<_>>()));
        }
        let skipped = skipped.then(|| self.dialect.count(takes.len() + 1));
        let ranged = Ranged {
            columns: rows.columns.clone(),
            table: self.dialect.table(self.plan.table(rows.table)),
            alias: rows.alias.to_owned(),
            bounds,
            grouped: rows.grouped.clone(),
            order: rows.order.clone(),
            skipped,
        };
        Statement { sql: self.dialect.head_of_bounds(&takes) + &self.dialect.range(&ranged) }
    }
}
