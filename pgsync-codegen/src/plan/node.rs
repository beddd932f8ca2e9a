//! Nodes in pre-order, what is read of their rows, and the routes that start at them.

use super::table::Tables;
use crate::bound;
use pgsync_plan::{
    Aggregate, Codec, ColumnId, ColumnType, Computed, Concat, Expression, Field, FieldValue, Form, Link, Node, NodeId,
    OnChange, OrderBy, Part, Reading, Route, RouteKind, Select, TableId, Through, ValueKind, Way, WayColumn, WayJoin,
};

/// Adds a node and what is below it. Returns its id.
pub(super) fn add(
    tables: &Tables<'_>,
    bound: &bound::Node,
    parent: Option<NodeId>,
    nodes: &mut Vec<Node>,
    routes: &mut Vec<Route>,
) -> NodeId {
    let id = NodeId(nodes.len());
    let table = tables.id(bound.table);
    let of = tables.table(table);
    let mut select = Vec::new();
    let mut fields = Vec::new();
    for shown in bound.columns.iter().take(if bound.shape.is_scalar() { 1 } else { usize::MAX }) {
        if let Some(column) = tables.column(table, &shown.column) {
            let computed = shown.computed.as_ref().map(|computed| Computed {
                expression: tables.expression(table, &computed.expression),
                ty: ColumnType {
                    declared: computed.cast.clone(),
                    cast: computed.cast.clone(),
                    kind: computed.kind,
                    array: computed.array,
                    operators: None,
                    textual: false,
                    enumeration: None,
                },
            });
            let aggregate = shown.aggregate.and_then(|function| {
                let ty = tables.types().aggregated(function, &of.column(column).ty)?;
                Some(Aggregate { function, ty })
            });
            let (path, text) = (shown.path.clone(), shown.as_text);
            let mut wanted = Select { column, computed, aggregate, path, text, form: Form::Raw, codec: Codec::Text };
            let ty = wanted.ty(of);
            let form = if wanted.path.is_empty() { tables.types().shown(ty) } else { Form::Raw };
            let codec = if text { Codec::Text } else { tables.types().codec(ty, form) };
            (wanted.form, wanted.codec) = (form, codec);
            let position = read(&mut select, wanted);
            fields.push(Field {
                name: shown.field.clone(),
                value: FieldValue::Select(position),
                rewrite: (!shown.rewrite.is_nothing()).then(|| shown.rewrite.clone()),
                mapping: shown.mapping.clone(),
                hidden: shown.hidden,
            });
        }
    }
    let filter = bound.filter.as_ref().map(|filter| tables.expression(table, filter));
    let order = if parent.is_some() { order(tables, table, bound, &select) } else { Vec::new() };
    let link = match (&bound.link, parent) {
        (Some(link), Some(parent)) => Some(link_to(tables, link, table, parent, nodes)),
        _ => None,
    };
    nodes.push(Node {
        label: bound.field.clone(),
        parent,
        table,
        shape: bound.shape,
        optional: bound.optional,
        empty_array: bound.empty_array,
        looked_up: bound.view.as_ref().is_some_and(|view| view.looked_up),
        order,
        filter,
        order_by: order_by(tables, table, bound),
        limit: bound.limit,
        distinct: bound.distinct,
        on_change: bound.on_change,
        select,
        fields,
        concats: Vec::new(),
        declared: bound.declared.clone(),
        link,
    });
    let place = routes.len();
    let key = tables.columns(table, &bound.key);
    for child in &bound.children {
        let child_id = add(tables, child, Some(id), nodes, routes);
        nodes[id.0].fields.push(Field {
            name: child.field.clone(),
            value: FieldValue::Child(child_id),
            rewrite: None,
            mapping: child.mapping.clone(),
            hidden: child.hidden,
        });
    }
    concats(bound, &mut nodes[id.0]);
    if bound.on_change == OnChange::Ignore {
        return id;
    }
    // A parent's routes stand before its children's, and need to know which columns the children hang on.
    let mut own = own_routes(&nodes[id.0], &key, id);
    if bound.on_change == OnChange::Link {
        // Under another key a row stands at another place, unless it has none.
        own[0].watch = linking(nodes, id, if bound.is_aggregate() { &[] } else { &key });
    }
    let bases = bound.view.iter().flat_map(|view| &view.bases).map(|base| base_route(tables, base, id));
    routes.splice(place..place, own.into_iter().chain(bases));
    id
}

/// Adds the fields that are put together of those that are there.
fn concats(bound: &bound::Node, node: &mut Node) {
    let columns = node.fields.len() - bound.children.len();
    for (position, concat) in bound.concats.iter().enumerate() {
        let part = |part: &bound::Part| match part {
            bound::Part::Literal(literal) => Part::Literal(literal.clone()),
            bound::Part::Column(column) => Part::Field(*column),
            bound::Part::Child(child) => Part::Field(columns + child),
            bound::Part::Concat(concat) => Part::Field(columns + bound.children.len() + concat),
        };
        node.concats
            .push(Concat { parts: concat.parts.iter().map(part).collect(), delimiter: concat.delimiter.clone() });
        node.fields.push(Field {
            name: concat.field.clone(),
            value: FieldValue::Concat(position),
            rewrite: None,
            mapping: concat.mapping.clone(),
            hidden: concat.hidden,
        });
    }
}

fn own_routes(node: &Node, key: &[ColumnId], id: NodeId) -> Vec<Route> {
    let mut watch: Vec<ColumnId> = node.select.iter().flat_map(Select::columns).collect();
    // A row comes or goes when these change.
    watch.extend(node.filter.iter().flat_map(Expression::columns));
    let Some(link) = &node.link else {
        watch.extend(key);
        let link = key.to_vec();
        return vec![Route { table: node.table, kind: RouteKind::Root, link, watch: sorted(watch), way: None }];
    };
    watch.extend(&node.order);
    watch.extend(node.order_by.iter().map(|by| by.column));
    watch.extend(&link.child);
    let own = link.child.clone();
    let mut routes =
        vec![Route { table: node.table, kind: RouteKind::Node(id), link: own, watch: sorted(watch), way: None }];
    if let Some(through) = &link.through {
        let watch = through.parent.iter().chain(&through.child).chain(&through.key).copied().collect();
        routes.push(Route {
            table: through.table,
            kind: RouteKind::Through(id),
            link: through.parent.clone(),
            watch: sorted(watch),
            way: None,
        });
    }
    routes
}

/// What decides which row it is, which parents it belongs to and whether it is shown, and which rows hang on it where those
/// are followed.
fn linking(nodes: &[Node], id: NodeId, key: &[ColumnId]) -> Vec<ColumnId> {
    let node = &nodes[id.0];
    let mut columns = key.to_vec();
    columns.extend(node.filter.iter().flat_map(Expression::columns));
    let below = nodes.iter().filter(|child| child.parent == Some(id) && child.on_change != OnChange::Ignore);
    columns.extend(below.flat_map(|child| &child.link).flat_map(|link| &link.parent));
    columns.extend(node.link.iter().flat_map(|link| &link.child));
    sorted(columns)
}

/// From a table that a view reads.
fn base_route(tables: &Tables<'_>, base: &bound::Base, id: NodeId) -> Route {
    let table = tables.id(base.table);
    let columns = |names: &[String]| tables.columns(table, names);
    let way = base.way.as_ref().map(|way| {
        let joined: Vec<TableId> = way.joins.iter().map(|(table, _)| tables.id(*table)).collect();
        let place = |of: usize| if of == 0 { table } else { joined[of - 1] };
        let found = |from: &bound::WayColumn| {
            Some(WayColumn { of: from.of, column: tables.column(place(from.of), &from.column)? })
        };
        let joins = (1..).zip(&way.joins).map(|(number, (_, on))| WayJoin {
            table: place(number),
            own: on.iter().filter_map(|(own, _)| tables.column(place(number), own)).collect(),
            equal: on.iter().filter_map(|(_, other)| found(other)).collect(),
        });
        Way { joins: joins.collect(), values: way.values.iter().filter_map(found).collect() }
    });
    let link = base.way.as_ref().map(|way| columns(&way.link)).unwrap_or_default();
    Route { table, kind: RouteKind::Base(id), link, watch: sorted(columns(&base.columns)), way }
}

fn sorted(mut columns: Vec<ColumnId>) -> Vec<ColumnId> {
    columns.sort();
    columns.dedup();
    columns
}

fn link_to(tables: &Tables<'_>, link: &bound::Link, table: TableId, parent: NodeId, nodes: &mut [Node]) -> Link {
    let upper = &mut nodes[parent.0];
    let columns = tables.columns(upper.table, &link.parent);
    let parent_select = columns
        .iter()
        .map(|column| read(&mut upper.select, tables.read(upper.table, *column, |types, ty| types.link(ty))))
        .collect();
    let through = link.through.as_ref().map(|through| {
        let id = tables.id(through.table);
        Through {
            table: id,
            parent: tables.columns(id, &through.parent),
            child: tables.columns(id, &through.child),
            key: tables.table(id).key.clone(),
        }
    });
    let child = tables.columns(table, &link.child);
    // How its rows are read is decided once everything is known that is read.
    Link { parent: columns, parent_select, child, through, reading: Reading::default() }
}

/// What the schema orders rows by.
fn order_by(tables: &Tables<'_>, table: TableId, bound: &bound::Node) -> Vec<OrderBy> {
    let columns = bound.order_by.iter().filter_map(|by| {
        let column = tables.column(table, &by.column)?;
        Some(OrderBy { column, descending: by.descending, nulls_first: by.nulls_first })
    });
    columns.collect()
}

/// What rows are ordered by: nothing where they are shown together; else their key, or, where there is none, whatever is shown of them and has an order.
fn order(tables: &Tables<'_>, table: TableId, bound: &bound::Node, select: &[Select]) -> Vec<ColumnId> {
    if bound.is_aggregate() {
        return Vec::new();
    }
    if !bound.key.is_empty() {
        return tables.columns(table, &bound.key);
    }
    let of = tables.table(table);
    let has_order = |column: &ColumnId| !matches!(of.column(*column).ty.kind, ValueKind::Json | ValueKind::Other);
    let mut columns: Vec<ColumnId> = select.iter().flat_map(Select::columns).filter(has_order).collect();
    columns.dedup();
    columns
}

/// Where a node's rows give the value of a column that is shown as it stands.
pub(super) fn shown(tables: &Tables<'_>, node: &Node, column: &str) -> Option<usize> {
    let column = tables.column(node.table, column)?;
    let mut shown = node.fields.iter().filter_map(|field| match field.value {
        FieldValue::Select(position) => Some(position),
        FieldValue::Child(_) | FieldValue::Concat(_) => None,
    });
    shown.find(|position| node.select[*position].column == column && node.select[*position].is_column())
}

/// The parts of the `_id`, read from the root's rows.
pub(super) fn id(tables: &Tables<'_>, root: &mut Node, key: &[ColumnId]) -> Vec<usize> {
    let part = |column: &ColumnId| tables.read(root.table, *column, |types, ty| types.id(ty));
    key.iter().map(|column| read(&mut root.select, part(column))).collect()
}

/// Adds a select, unless it is read already.
pub(super) fn read(select: &mut Vec<Select>, wanted: Select) -> usize {
    if let Some(position) = select.iter().position(|known| *known == wanted) {
        return position;
    }
    select.push(wanted);
    select.len() - 1
}
