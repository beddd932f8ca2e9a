//! The statements of one document. In: plan, document, dialect. Out: [`DocumentStatements`], laid out as its members
//! promise. Here it is decided what is joined with what; how that is spelled is the dialect's business.

use super::order::Ordering;
use super::{Dialect, Join, Keyed, RootsByKeyParts};
use pgsync_plan::{
    ColumnId, ColumnType, Document, DocumentStatements, LevelStatements, Link, Node, NodeId, Order, Plan, Route,
    RouteKind, Statement, TableId,
};

/// The name of the root's table in every statement.
pub(super) const ROOT: &str = "root";
/// The name of the asked values in every statement.
pub(super) const ASKED: &str = "asked";

/// All statements of one document.
pub(super) fn statements(plan: &Plan, document: &Document, dialect: &dyn Dialect) -> DocumentStatements {
    let writer = Writer { plan, document, dialect };
    DocumentStatements {
        roots_by_key: writer.roots_by_key(),
        roots_by_range: writer.roots_by_range(),
        levels: document.nodes.iter().map(|node| node.link.as_ref().map(|link| writer.level(node, link))).collect(),
        routes: document.routes.iter().map(|route| writer.route(route)).collect(),
    }
}

pub(super) struct Writer<'a> {
    pub(super) plan: &'a Plan,
    pub(super) document: &'a Document,
    pub(super) dialect: &'a dyn Dialect,
}

/// Values that go in: one array parameter per column, and what the statement calls their elements.
pub(super) struct Asked<'a> {
    columns: Vec<(ColumnId, Value<'a>)>,
    pub(super) arrays: Vec<String>,
    pub(super) names: Vec<String>,
}

/// An expression and its type.
pub(super) type Value<'a> = (String, &'a ColumnType);

impl<'a> Asked<'a> {
    fn value(&self, column: ColumnId) -> Value<'a> {
        let found = self.columns.iter().find(|(id, _)| *id == column);
        found.expect("asked values hold every column that links").1.clone()
    }

    pub(super) fn values(&self, columns: &[ColumnId]) -> Vec<Value<'a>> {
        columns.iter().map(|id| self.value(*id)).collect()
    }
}

impl<'a> Writer<'a> {
    pub(super) fn asked(&self, table: TableId, columns: &[ColumnId]) -> Asked<'a> {
        let mut asked = Asked { columns: Vec::new(), arrays: Vec::new(), names: Vec::new() };
        for (id, position) in columns.iter().zip(1..) {
            let ty = &self.plan.table(table).column(*id).ty;
            let (name, param) = (format!("key{position}"), self.dialect.array_type(ty));
            asked.columns.push((*id, (self.dialect.element(&format!("{ASKED}.{name}"), ty), ty)));
            asked.arrays.push(self.dialect.parameter(position, &param));
            asked.names.push(name);
        }
        asked
    }

    /// The equalities, pair by pair.
    pub(super) fn equal(&self, left: &[Value], right: &[Value]) -> Vec<String> {
        let pairs = left.iter().zip(right);
        pairs
            .map(|((left, left_ty), (right, right_ty))| self.dialect.equal((left, left_ty), (right, right_ty)))
            .collect()
    }

    pub(super) fn columns(&self, alias: &str, table: TableId, columns: &[ColumnId]) -> Vec<Value<'a>> {
        let table = self.plan.table(table);
        columns
            .iter()
            .map(|id| table.column(*id))
            .map(|column| (self.dialect.column(alias, column), &column.ty))
            .collect()
    }

    pub(super) fn names(&self, alias: &str, table: TableId, columns: &[ColumnId]) -> Vec<String> {
        self.columns(alias, table, columns).into_iter().map(|(name, _)| name).collect()
    }

    pub(super) fn select(&self, alias: &str, node: &Node) -> Vec<String> {
        let table = self.plan.table(node.table);
        node.select.iter().map(|select| self.dialect.select(alias, table, select)).collect()
    }

    pub(super) fn join(&self, table: TableId, alias: &str, on: Vec<String>) -> Join {
        Join { table: self.dialect.table(self.plan.table(table)), alias: alias.to_owned(), on }
    }

    fn roots_by_key(&self) -> Statement {
        let root = self.document.root();
        let asked = self.asked(root.table, &root.key);
        let sql = self.dialect.roots_by_key(&RootsByKeyParts {
            asked_key: self
                .document
                .id
                .iter()
                .map(|position| &root.select[*position])
                .map(|part| self.dialect.form(&asked.value(part.column).0, part.form))
                .collect(),
            select: self.select(ROOT, root),
            table: self.dialect.table(self.plan.table(root.table)),
            on: self.equal(&self.columns(ROOT, root.table, &root.key), &asked.values(&root.key)),
            arrays: asked.arrays.clone(),
            asked: asked.names.clone(),
        });
        Statement { sql }
    }

    fn level(&self, node: &Node, link: &Link) -> LevelStatements {
        let Ordering { by, besides } = self.ordering(node, link);
        LevelStatements {
            rows: self.rows(node, link, &by, &besides),
            join: self.join_rows(node, link),
            range: self.rows_by_range(node, link, &by, &besides),
            whole: self.whole(node, link, &besides),
            order: by,
        }
    }

    fn rows(&self, node: &Node, link: &Link, by: &Order, besides: &[String]) -> Statement {
        let parent = self.document.node(node.parent.expect("a linked node has a parent"));
        let apart = self.apart(node, link);
        let (table, linked) = apart.map_or((parent.table, &link.parent), |through| (through.table, &through.child));
        let asked = self.asked(table, linked);
        let ordinal = format!("{ASKED}.ordinal");
        let mut order = vec![ordinal.clone()];
        order.extend(self.names("child", node.table, &node.key));
        let mut joins = Vec::new();
        let child = self.columns("child", node.table, &link.child);
        let above = asked.values(linked);
        match &link.through {
            Some(through) if apart.is_none() => {
                let on = self.equal(&self.columns("through", through.table, &through.parent), &above);
                joins.push(self.join(through.table, "through", on));
                let on = self.equal(&child, &self.columns("through", through.table, &through.child));
                joins.push(self.join(node.table, "child", on));
                order.extend(self.names("through", through.table, &through.key));
            }
            _ => joins.push(self.join(node.table, "child", self.equal(&child, &above))),
        }
        if *by != Order::Statement {
            order.clear();
        }
        let select = self.select("child", node);
        let columns = std::iter::once(ordinal).chain(select).chain(besides.iter().cloned()).collect();
        let (arrays, names) = (asked.arrays.clone(), asked.names.clone());
        let sql = self.dialect.level(&Keyed { arrays, asked: names, columns, joins, order });
        Statement { sql }
    }

    /// From link values of a changed row up to the root, whether or not the row itself is still there.
    fn route(&self, route: &Route) -> Option<Statement> {
        let asked = self.asked(route.table, &route.link);
        let mut joins = Vec::new();
        let mut id = match route.kind {
            RouteKind::Root => return None,
            RouteKind::Node(id) | RouteKind::Through(id) => id,
        };
        // The node that was joined last; the changed row itself is never joined.
        let mut reached: Option<String> = None;
        while let (node, Some(link)) = (self.document.node(id), &self.document.node(id).link) {
            let parent = node.parent.expect("a linked node has a parent");
            let values = |columns: &[ColumnId]| match &reached {
                Some(alias) => self.columns(alias, node.table, columns),
                None => asked.values(columns),
            };
            let below = match &link.through {
                None => values(&link.child),
                Some(through) if route.kind == RouteKind::Through(id) => asked.values(&through.parent),
                Some(through) => {
                    let alias = format!("through{}", id.0);
                    let on = self.equal(&self.columns(&alias, through.table, &through.child), &values(&link.child));
                    joins.push(self.join(through.table, &alias, on));
                    self.columns(&alias, through.table, &through.parent)
                }
            };
            let (alias, table) = (self.alias(parent), self.document.node(parent).table);
            let on = self.equal(&self.columns(&alias, table, &link.parent), &below);
            joins.push(self.join(table, &alias, on));
            reached = Some(alias);
            id = parent;
        }
        let root = self.document.root();
        let columns = self.names(ROOT, root.table, &root.key).iter().map(|name| self.dialect.text(name)).collect();
        let (arrays, names) = (asked.arrays.clone(), asked.names.clone());
        let sql = self.dialect.route(&Keyed { arrays, asked: names, columns, joins, order: Vec::new() });
        Some(Statement { sql })
    }

    fn alias(&self, id: NodeId) -> String {
        if id.0 == 0 { ROOT.to_owned() } else { format!("node{}", id.0) }
    }
}
