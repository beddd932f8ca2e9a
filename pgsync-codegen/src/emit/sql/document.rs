//! The statements of one document. In: plan, document, dialect. Out: [`DocumentStatements`], laid out as its members
//! promise. Here it is decided what is joined with what; how that is spelled is the dialect's business.

use super::dialect::Asked;
use super::{Chosen, Dialect, Join, Keyed, RootsByKeyParts};
use pgsync_plan::{
    ColumnId, ColumnType, Document, DocumentStatements, Form, LevelStatements, Link, Node, NodeId, Order, Plan, Route,
    RouteKind, Select, Statement, TableId, Way, WayColumn,
};
use std::collections::BTreeSet;

/// The name of the root's table in every statement.
pub(super) const ROOT: &str = "root";

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

/// An expression and its type.
pub(super) type Value<'a> = (String, &'a ColumnType);

/// Values that are asked for, by the columns they are of.
pub(super) struct AskedFor<'a> {
    pub(super) asked: Asked,
    columns: Vec<(ColumnId, &'a ColumnType)>,
}

impl<'a> AskedFor<'a> {
    fn value(&self, column: ColumnId) -> Value<'a> {
        let position = self.columns.iter().position(|(id, _)| *id == column);
        let position = position.expect("asked values hold every column that links");
        (self.asked.values[position].clone(), self.columns[position].1)
    }

    pub(super) fn values(&self, columns: &[ColumnId]) -> Vec<Value<'a>> {
        columns.iter().map(|id| self.value(*id)).collect()
    }

    fn types(&self) -> Vec<&'a ColumnType> {
        self.columns.iter().map(|(_, ty)| *ty).collect()
    }
}

impl<'a> Writer<'a> {
    pub(super) fn asked(&self, table: TableId, columns: &[ColumnId]) -> AskedFor<'a> {
        let table = self.plan.table(table);
        let columns: Vec<(ColumnId, &ColumnType)> = columns.iter().map(|id| (*id, &table.column(*id).ty)).collect();
        let types: Vec<&ColumnType> = columns.iter().map(|(_, ty)| *ty).collect();
        AskedFor { asked: self.dialect.asked(&types, None), columns }
    }

    /// A statement that takes values of these types.
    pub(super) fn statement(&self, takes: &[&ColumnType], sql: &str) -> Statement {
        Statement { sql: self.dialect.head(takes) + sql }
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

    /// What must be true of a node's rows.
    pub(super) fn filter(&self, alias: &str, node: &Node) -> Option<String> {
        let table = self.plan.table(node.table);
        node.filter.as_ref().map(|filter| self.dialect.expression(alias, table, filter))
    }

    pub(super) fn join(&self, table: TableId, alias: &str, on: Vec<String>) -> Join {
        Join { table: self.dialect.table(self.plan.table(table)), alias: alias.to_owned(), on, looked_up: false }
    }

    /// The rows of a node, those that are shown.
    fn join_node(&self, node: &Node, alias: &str, mut on: Vec<String>) -> Join {
        on.extend(self.filter(alias, node));
        Join { looked_up: node.looked_up, ..self.join(node.table, alias, on) }
    }

    fn roots_by_key(&self) -> Statement {
        let (root, key) = (self.document.root(), &self.document.key);
        let mut asked = self.asked(root.table, key);
        let routing = self.document.routing.map(|position| self.routing(&mut asked, &root.select[position]));
        let of_routing = self.document.routing_column().map(|id| &self.plan.table(root.table).column(id).ty);
        let takes: Vec<&ColumnType> = asked.types().into_iter().chain(of_routing).collect();
        let sql = self.dialect.roots_by_key(&RootsByKeyParts {
            asked_key: self
                .document
                .id
                .iter()
                .map(|position| &root.select[*position])
                .map(|part| {
                    let (value, ty) = asked.value(part.column);
                    self.dialect.form(&value, ty, part.form)
                })
                .chain(routing)
                .collect(),
            select: self.select(ROOT, root),
            root: self.join_node(root, ROOT, self.equal(&self.columns(ROOT, root.table, key), &asked.values(key))),
            // It equals what is asked for.
            present: self.names(ROOT, root.table, key).swap_remove(0),
            asked: asked.asked,
        });
        self.statement(&takes, &sql)
    }

    /// Has the routing asked for too, which may be NULL, and gives it as it is handed back.
    fn routing(&self, asked: &mut AskedFor<'_>, select: &Select) -> String {
        let ty = &self.plan.table(self.document.root().table).column(select.column).ty;
        let types = asked.types();
        asked.asked = self.dialect.asked(&types, Some(ty));
        let value = asked.asked.values.last().map_or("", String::as_str);
        self.dialect.form(value, ty, select.form)
    }

    fn level(&self, node: &Node, link: &Link) -> LevelStatements {
        LevelStatements {
            rows: self.rows(node, link),
            join: self.join_rows(node, link),
            range: link.reading.by_range.then(|| self.rows_by_range(node, link)),
            prefetch: link.reading.prefetch.then(|| self.prefetch(node, link)),
        }
    }

    /// What is read of a node's rows.
    pub(super) fn read(&self, node: &Node, link: &Link) -> Vec<String> {
        let besides = self.columns("child", node.table, &link.reading.order_columns);
        let besides = besides.iter().map(|(name, ty)| self.dialect.form(name, ty, Form::Raw));
        let of_join = link.through.iter().flat_map(|through| {
            let table = self.plan.table(through.table);
            link.reading.join_select.iter().map(|select| self.dialect.select("through", table, select))
        });
        self.select("child", node).into_iter().chain(besides).chain(of_join).collect()
    }

    /// What a node's rows are ordered by: what the schema says, then their key.
    pub(super) fn ordering(&self, alias: &str, node: &Node) -> Vec<String> {
        let table = self.plan.table(node.table);
        let names = node.order_by.iter().map(|by| {
            let name = self.dialect.column(alias, table.column(by.column));
            self.dialect.ordered(&name, by.descending, by.nulls_first)
        });
        let named = |column: &&ColumnId| !node.order_by.iter().any(|by| by.column == **column);
        let rest = node.order.iter().filter(named).map(|id| table.column(*id));
        let rest = rest.map(|column| self.dialect.in_order(&self.dialect.column(alias, column), column.nullable));
        names.chain(rest).collect()
    }

    fn rows(&self, node: &Node, link: &Link) -> Statement {
        let parent = self.document.node(node.parent.expect("a linked node has a parent"));
        let split = link.through.as_ref().filter(|_| link.reading.split_join);
        let (table, linked) = split.map_or((parent.table, &link.parent), |through| (through.table, &through.child));
        let asked = self.asked(table, linked);
        let mut order = vec![asked.asked.ordinal.clone()];
        order.extend(self.ordering("child", node));
        let mut ties = Vec::new();
        let mut joins = Vec::new();
        let child = self.columns("child", node.table, &link.child);
        let above = asked.values(linked);
        match &link.through {
            Some(through) if split.is_none() => {
                let on = self.equal(&self.columns("through", through.table, &through.parent), &above);
                joins.push(self.join(through.table, "through", on));
                let on = self.equal(&child, &self.columns("through", through.table, &through.child));
                joins.push(self.join_node(node, "child", on));
                ties = self.names("through", through.table, &through.key);
            }
            _ => joins.push(self.join_node(node, "child", self.equal(&child, &above))),
        }
        let chosen = (node.distinct || node.limit.is_some()).then(|| {
            let first = node.order_by.first().filter(|_| node.distinct);
            let distinct = first.map(|by| self.names("child", node.table, &[by.column]).swap_remove(0));
            let order = order[1..].iter().chain(&ties).cloned().collect();
            let ordering = node.order_by.iter().map(|by| by.column).chain(node.order.iter().copied());
            let used: BTreeSet<ColumnId> = node.select.iter().flat_map(Select::columns).chain(ordering).collect();
            let columns = self.names("child", node.table, &used.into_iter().collect::<Vec<_>>());
            Chosen { columns, distinct, order, rows: node.limit }
        });
        if link.reading.order != Order::Statement {
            order.clear();
        } else if chosen.is_none() {
            order.append(&mut ties);
        }
        let columns = std::iter::once(asked.asked.ordinal.clone()).chain(self.read(node, link)).collect();
        let takes = asked.types();
        // A link value without rows gives none, as everywhere: what is shown then is known, and the reader has to know it for
        // link values that are NULL, which are not asked for.
        let grouped = if node.is_aggregate() { vec![asked.asked.ordinal.clone()] } else { Vec::new() };
        let sql = self.dialect.level(&Keyed { asked: asked.asked, columns, joins, order, chosen, grouped });
        self.statement(&takes, &sql)
    }

    /// The join rows of a node that is read apart from them.
    fn join_rows(&self, node: &Node, link: &Link) -> Option<Statement> {
        let through = link.through.as_ref().filter(|_| link.reading.split_join)?;
        let parent = self.document.node(node.parent?);
        let asked = self.asked(parent.table, &link.parent);
        let on = self.equal(&self.columns("through", through.table, &through.parent), &asked.values(&link.parent));
        let columns = self.names("through", through.table, &through.child);
        let columns = std::iter::once(asked.asked.ordinal.clone()).chain(columns).collect();
        let joins = vec![self.join(through.table, "through", on)];
        let takes = asked.types();
        let sql = self.dialect.level(&Keyed {
            asked: asked.asked,
            columns,
            joins,
            order: Vec::new(),
            chosen: None,
            grouped: Vec::new(),
        });
        Some(self.statement(&takes, &sql))
    }

    /// From link values of a changed row up to the root, whether or not the row itself is still there.
    fn route(&self, route: &Route) -> Option<Statement> {
        let asked = self.asked(route.table, &route.link);
        let takes = asked.types();
        let mut joins = Vec::new();
        let mut id = match route.kind {
            RouteKind::Root => return None,
            RouteKind::Base(_) if route.is_everything() => return None,
            RouteKind::Node(id) | RouteKind::Through(id) | RouteKind::Base(id) => id,
        };
        let of_view = route.way.as_ref().map(|way| self.way(route, way, &asked, &mut joins));
        if let (Some(values), 0) = (&of_view, id.0) {
            let columns = values.iter().map(|(value, ty)| self.dialect.text(value, ty)).collect();
            let sql = self.dialect.route(&Keyed {
                asked: asked.asked,
                columns,
                joins,
                order: Vec::new(),
                chosen: None,
                grouped: Vec::new(),
            });
            return Some(self.statement(&takes, &sql));
        }
        // The node that was joined last; the changed row itself is never joined.
        let mut reached: Option<String> = None;
        while let (node, Some(link)) = (self.document.node(id), &self.document.node(id).link) {
            let parent = node.parent.expect("a linked node has a parent");
            let values = |columns: &[ColumnId]| match &reached {
                Some(alias) => self.columns(alias, node.table, columns),
                None => of_view.clone().unwrap_or_else(|| asked.values(columns)),
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
        let text = |(name, ty): &Value| self.dialect.text(name, ty);
        let key = self.columns(ROOT, root.table, &self.document.key);
        let routing: Vec<Value> = match self.document.routing_column() {
            Some(column) => self.columns(ROOT, root.table, &[column]),
            None => Vec::new(),
        };
        let routing = routing.iter().map(|value| self.dialect.or_empty(&text(value)));
        let columns = key.iter().map(text).chain(routing).collect();
        let sql = self.dialect.route(&Keyed {
            asked: asked.asked,
            columns,
            joins,
            order: Vec::new(),
            chosen: None,
            grouped: Vec::new(),
        });
        Some(self.statement(&takes, &sql))
    }

    /// The values of a view that a changed row of one of its tables leads to.
    fn way(&self, route: &Route, way: &Way, asked: &AskedFor<'a>, joins: &mut Vec<Join>) -> Vec<Value<'a>> {
        let tables: Vec<TableId> =
            std::iter::once(route.table).chain(way.joins.iter().map(|join| join.table)).collect();
        let alias = |of: usize| format!("base{of}");
        let value = |WayColumn { of, column }: &WayColumn| match of {
            0 => asked.value(*column),
            of => {
                let column = self.plan.table(tables[*of]).column(*column);
                (self.dialect.column(&alias(*of), column), &column.ty)
            }
        };
        for (number, join) in (1..).zip(&way.joins) {
            let own = self.columns(&alias(number), join.table, &join.own);
            let others: Vec<Value> = join.equal.iter().map(value).collect();
            joins.push(self.join(join.table, &alias(number), self.equal(&own, &others)));
        }
        way.values.iter().map(value).collect()
    }

    fn alias(&self, id: NodeId) -> String {
        if id.0 == 0 { ROOT.to_owned() } else { format!("node{}", id.0) }
    }
}
