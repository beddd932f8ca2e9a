//! Index routes. In: the nodes and routes of a document, and the foreign keys of its tables. Out: which documents a search in
//! the index finds when such a key acts on rows and the log does not say so, and what has to be read and watched for it.
//!
//! A document holds the values of the key in the rows that it shows. When the row they refer to goes or changes, the documents
//! with its old values are read again. That finds all of them where these things hold, and is not used elsewhere:
//!
//! - equality of the values is that of their digits: whole numbers only;
//! - a change of the values that the log does say has the document read again: they are watched, and all changes of the place
//!   are followed;
//! - a row that the key acts on is shown by no *other* document afterwards. So the key may not change what a row is linked by,
//!   shown by, or chosen by, nor the key of a root.

use super::node::read;
use super::reading::Gathered;
use super::table::Tables;
use pgsync_plan::{
    ActingKey, Codec, ColumnId, Expression, Form, IndexPlace, IndexRoute, Node, NodeId, OnChange, ROUTED_FIELD, Route,
    RouteKind, Shape, TableId, Unfollowed, ValueKind,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// A route before it is decided how rows are read.
pub(super) struct Planned {
    table: TableId,
    key: ActingKey,
    columns: Vec<ColumnId>,
    places: Vec<Unfollowed>,
}

/// What of a document decides.
pub(super) struct Of<'a> {
    pub(super) tables: &'a Tables<'a>,
    /// Columns that say where its root stands: key and routing.
    pub(super) address: Vec<ColumnId>,
    /// What the schema says of the mapping, as a whole.
    pub(super) mappings: [Option<&'a Value>; 2],
}

impl Of<'_> {
    /// Finds the routes, and has read and watched what they need. Says whose values are gathered.
    pub(super) fn plan(&self, nodes: &mut [Node], routes: &mut [Route]) -> (Vec<Planned>, Gathered) {
        let none = || vec![false; nodes.len()];
        let mut gathered = Gathered { rows: none(), joined: none(), join: none() };
        if !self.has_room(nodes) {
            return (Vec::new(), gathered);
        }
        let used: BTreeSet<TableId> = nodes
            .iter()
            .flat_map(|node| {
                let through = node.link.iter().filter_map(|link| link.through.as_ref()).map(|through| through.table);
                through.chain([node.table])
            })
            .collect();
        let mut planned = Vec::new();
        for table in used {
            for key in self.tables.acting_keys(table) {
                let found = key.unfollowed(self.tables.all(), (nodes, routes), table);
                let Some(places) = found.filter(|places| !places.is_empty()) else { continue };
                let columns = self.tables.columns(table, &key.columns);
                let fits = columns.len() == key.columns.len()
                    && columns.iter().all(|column| self.is_whole_number(table, *column))
                    && places.iter().all(|place| self.finds_all(nodes, *place, (table, &columns), &key));
                if fits {
                    planned.push(Planned { table, key, columns, places });
                }
            }
        }
        for route in &planned {
            for place in &route.places {
                self.have_read(nodes, *place, route, &mut gathered);
                let kind = match place {
                    Unfollowed { node, join: true } => RouteKind::Through(*node),
                    Unfollowed { node: NodeId(0), .. } => RouteKind::Root,
                    Unfollowed { node, .. } => RouteKind::Node(*node),
                };
                for of in routes.iter_mut().filter(|of| of.kind == kind) {
                    of.watch.extend(&route.columns);
                    of.watch.sort();
                    of.watch.dedup();
                }
            }
        }
        gathered.close(nodes);
        (planned, gathered)
    }

    /// Whether a document can have one field more, that nobody is shown.
    fn has_room(&self, nodes: &[Node]) -> bool {
        fn has_field(nodes: &[Node], node: usize) -> bool {
            nodes[node].declared.contains_key(ROUTED_FIELD)
                || nodes[node].fields.iter().any(|field| match field.value {
                    pgsync_plan::FieldValue::Child(NodeId(child)) if nodes[child].shape == Shape::Flat => {
                        has_field(nodes, child)
                    }
                    _ => field.name == ROUTED_FIELD,
                })
        }
        let lets = |mappings: &Value| {
            let declared = mappings.get(ROUTED_FIELD).or_else(|| mappings.get("properties")?.get(ROUTED_FIELD));
            // Whatever else is said of how a document is kept, it may not go together with leaving a field out.
            let kept = mappings.get("_source").and_then(Value::as_object);
            let leaves_out = |name: &String| matches!(name.as_str(), "includes" | "excludes");
            declared.is_none() && kept.is_none_or(|kept| kept.keys().all(leaves_out))
        };
        !has_field(nodes, 0) && self.mappings.into_iter().flatten().all(lets)
    }

    fn is_whole_number(&self, table: TableId, column: ColumnId) -> bool {
        let ty = &self.tables.table(table).column(column).ty;
        let whole = matches!(ty.kind, ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 | ValueKind::UInt8);
        whole && !ty.array && !matches!(ty.cast.as_str(), "bit" | "year")
    }

    /// Whether every document that shows a row at this place before the key acts, or after, has its values before.
    fn finds_all(
        &self,
        nodes: &[Node],
        place: Unfollowed,
        (table, columns): (TableId, &[ColumnId]),
        key: &ActingKey,
    ) -> bool {
        let node = &nodes[place.node.0];
        if node.is_aggregate() || node.on_change != OnChange::Follow {
            return false;
        }
        let through = node.link.as_ref().and_then(|link| link.through.as_ref());
        let touches = |of: &[ColumnId]| of.iter().any(|column| columns.contains(column));
        let Some(through) = through.filter(|_| place.join) else {
            let mut decisive: Vec<ColumnId> = node.filter.iter().flat_map(Expression::columns).collect();
            decisive.extend(node.order_by.iter().map(|by| by.column));
            decisive.extend(node.order.iter().filter(|_| node.limit.is_some() || node.distinct));
            match &node.link {
                Some(link) => decisive.extend(&link.child),
                None => decisive.extend(&self.address),
            }
            let made = decisive.iter().any(|column| self.tables.is_generated(table, *column));
            return !key.modifies() || !(made || touches(&decisive));
        };
        if node.limit.is_some() || node.distinct {
            return false;
        }
        // Another child of the same parent: the child's own change leads to it.
        let link = node.link.as_ref().map_or(&[][..], |link| &link.child);
        let leads = key.is_between(self.tables.all(), (table, &through.child), (node.table, link));
        let made = through.parent.iter().chain(&through.child).any(|column| self.tables.is_generated(table, *column));
        !key.modifies() || !(made || touches(&through.parent) || (touches(&through.child) && !leads))
    }

    fn have_read(&self, nodes: &mut [Node], place: Unfollowed, route: &Planned, gathered: &mut Gathered) {
        let node = &mut nodes[place.node.0];
        if !place.join {
            for column in &route.columns {
                read(&mut node.select, self.tables.read(route.table, *column, |_, _| Form::Raw));
            }
            gathered.rows[place.node.0] = true;
            return;
        }
        let Some(through) = node.link.as_ref().and_then(|link| link.through.as_ref()) else { return };
        gathered.joined[place.node.0] = true;
        // Where they are read apart, join rows give what leads to the child, and nothing else.
        if !route.columns.iter().all(|column| through.child.contains(column)) {
            gathered.join[place.node.0] = true;
        }
    }

    /// Where the values stand, once it is decided how rows are read.
    pub(super) fn placed(&self, planned: Vec<Planned>, nodes: &mut [Node]) -> Vec<IndexRoute> {
        let mut found = Vec::new();
        for Planned { table, key, columns, places } in planned {
            let places = places.into_iter().map(|place| self.place(place, (table, &columns), nodes)).collect();
            found.push(IndexRoute { table, key, places });
        }
        found
    }

    fn place(&self, place: Unfollowed, (table, columns): (TableId, &[ColumnId]), nodes: &mut [Node]) -> IndexPlace {
        let selects = columns.iter().map(|column| self.tables.read(table, *column, |_, _| Form::Raw));
        let selects: Vec<_> = selects.collect();
        let codecs: Vec<Codec> = selects.iter().map(|select| select.codec).collect();
        let Node { select, link, .. } = &mut nodes[place.node.0];
        let find = |of: &[ColumnId], column: &ColumnId| of.iter().position(|known| known == column);
        let (apart, positions) = match link {
            Some(link) if place.join => match &link.through {
                Some(through) if link.reading.split_join => {
                    (true, columns.iter().filter_map(|column| find(&through.child, column)).collect())
                }
                _ => {
                    let behind = select.len() + link.reading.order_columns.len();
                    let of_join = &mut link.reading.join_select;
                    (false, selects.into_iter().map(|wanted| behind + read(of_join, wanted)).collect())
                }
            },
            _ => (false, selects.into_iter().map(|wanted| read(select, wanted)).collect()),
        };
        IndexPlace { node: place.node, positions, codecs, apart }
    }
}
