//! Nodes in pre-order, what is read of their rows, and the routes that start at them.

use super::table::Tables;
use crate::bound;
use pgsync_plan::{
    ColumnId, ColumnType, Field, FieldValue, Form, Link, Node, NodeId, Route, RouteKind, Select, Shape, TableId,
    Through, ValueKind,
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
    let bare = matches!(bound.shape, Shape::Scalar | Shape::Scalars);
    for shown in bound.columns.iter().take(if bare { 1 } else { usize::MAX }) {
        for column in tables.columns(table, std::slice::from_ref(&shown.column)) {
            let form = if shown.path.is_empty() { shown_form(&of.column(column).ty) } else { Form::Raw };
            let position = read(&mut select, Select { column, path: shown.path.clone(), form });
            fields.push(Field { name: shown.field.clone(), value: FieldValue::Select(position) });
        }
    }
    let key = order(tables, table, bound, &select);
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
        key,
        select,
        fields,
        link,
    });
    let place = routes.len();
    for child in &bound.children {
        let child_id = add(tables, child, Some(id), nodes, routes);
        nodes[id.0].fields.push(Field { name: child.field.clone(), value: FieldValue::Child(child_id) });
    }
    // A parent's routes stand before its children's, and need to know which columns the children hang on.
    let own = own_routes(&nodes[id.0], id);
    routes.splice(place..place, own);
    id
}

fn own_routes(node: &Node, id: NodeId) -> Vec<Route> {
    let mut watch: Vec<ColumnId> =
        node.select.iter().map(|select| select.column).chain(node.key.iter().copied()).collect();
    let Some(link) = &node.link else {
        return vec![Route { table: node.table, kind: RouteKind::Root, link: node.key.clone(), watch: sorted(watch) }];
    };
    watch.extend(&link.child);
    let mut routes =
        vec![Route { table: node.table, kind: RouteKind::Node(id), link: link.child.clone(), watch: sorted(watch) }];
    if let Some(through) = &link.through {
        let watch = through.parent.iter().chain(&through.child).chain(&through.key).copied().collect();
        routes.push(Route {
            table: through.table,
            kind: RouteKind::Through(id),
            link: through.parent.clone(),
            watch: sorted(watch),
        });
    }
    routes
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
        .map(|column| {
            let form = link_form(&tables.table(upper.table).column(*column).ty);
            read(&mut upper.select, Select { column: *column, path: Vec::new(), form })
        })
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
    let enforced = match &through {
        None => tables.refers((table, &child), (upper.table, &columns)),
        Some(through) => tables.refers((through.table, &through.parent), (upper.table, &columns)),
    };
    Link { parent: columns, parent_select, child, through, enforced }
}

/// What rows are ordered by: their key, or, where there is none, whatever is shown of them and has an order.
fn order(tables: &Tables<'_>, table: TableId, bound: &bound::Node, select: &[Select]) -> Vec<ColumnId> {
    if !bound.key.is_empty() {
        return tables.columns(table, &bound.key);
    }
    let of = tables.table(table);
    let has_order = |column: &ColumnId| !matches!(of.column(*column).ty.kind, ValueKind::Json | ValueKind::Other);
    let mut columns: Vec<ColumnId> = select.iter().map(|select| select.column).filter(has_order).collect();
    columns.dedup();
    columns
}

/// The parts of the `_id`, read from the root's rows.
pub(super) fn id(tables: &Tables<'_>, root: &mut Node) -> Vec<usize> {
    let of = tables.table(root.table);
    let part = |column: &ColumnId| Select { column: *column, path: Vec::new(), form: id_form(&of.column(*column).ty) };
    let parts: Vec<Select> = root.key.iter().map(part).collect();
    parts.into_iter().map(|part| read(&mut root.select, part)).collect()
}

/// Adds a select, unless it is read already.
fn read(select: &mut Vec<Select>, wanted: Select) -> usize {
    if let Some(position) = select.iter().position(|known| *known == wanted) {
        return position;
    }
    select.push(wanted);
    select.len() - 1
}

/// How a shown value crosses the wire: natively where the runtime can render it.
fn shown_form(ty: &ColumnType) -> Form {
    match ty.kind {
        _ if ty.array => Form::Json,
        ValueKind::Inet | ValueKind::Hstore | ValueKind::Other => Form::Json,
        _ => Form::Raw,
    }
}

/// How a value that links crosses the wire: it goes back to the database as it came.
fn link_form(ty: &ColumnType) -> Form {
    if ty.textual { Form::Text } else { Form::Raw }
}

/// Whether PGSync's driver reads an array of this type as a list. It knows the built-in types only: of what has a schema
/// before its name (citext, enums, domains) it gives the server's text.
fn is_list(ty: &ColumnType) -> bool {
    let elements = matches!(
        ty.kind,
        ValueKind::Bool
            | ValueKind::Int2
            | ValueKind::Int4
            | ValueKind::Int8
            | ValueKind::Oid
            | ValueKind::Float4
            | ValueKind::Float8
            | ValueKind::Numeric
            | ValueKind::Text
            | ValueKind::Char
            | ValueKind::Inet
    );
    let built_in = !ty.cast.contains('.');
    ty.array && elements && built_in
}

/// How a part of an `_id` crosses the wire.
fn id_form(ty: &ColumnType) -> Form {
    match ty.kind {
        _ if is_list(ty) => Form::List,
        _ if ty.array => Form::Text,
        ValueKind::Json
        | ValueKind::Jsonb
        | ValueKind::Inet
        | ValueKind::Hstore
        | ValueKind::Interval
        | ValueKind::Other => Form::Text,
        _ => Form::Raw,
    }
}
