//! Foreign keys that change rows by themselves, where the log of a server may not say it. In: such a key, the nodes and the
//! routes of a document. Out: where the document shows rows of its table without being read again when the key acts; and the
//! index routes by which it is found then.
//!
//! A row that goes or is changed together with the row that it refers to needs no word of its own where it is shown as a child
//! of just that row: the log has the change of the other, and the documents that show the other are read again whole. There
//! the key is *followed*. Elsewhere (the table at the root, on another table, or as a join table that leads to a child) nobody
//! would hear of it.

use crate::{Codec, ColumnId, Node, NodeId, OnChange, Route, RouteKind, Table, TableId};
use serde::{Deserialize, Serialize};

/// The field that holds what index routes search for. It is indexed and not kept, so no document shows it.
pub const ROUTED_FIELD: &str = "_cascades";

/// What stands in that field of every document. One without it was not written with its values, so it may show anything.
pub const ROUTED: &str = "+";

/// What a foreign key does to a row by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyAction {
    /// The row is deleted, or takes the new values.
    Cascade,
    /// Its columns become NULL.
    SetNull,
}

/// A foreign key that acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActingKey {
    /// Name of the constraint.
    pub name: String,
    /// Its columns. Empty where its definition is not understood.
    pub columns: Vec<String>,
    /// The schema of the table that it refers to.
    pub onto_schema: String,
    /// That table.
    pub onto: String,
    /// The columns that it refers to, in the order of `columns`.
    pub onto_columns: Vec<String>,
    /// What it does when the other row goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<KeyAction>,
    /// What it does when the columns that it refers to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_update: Option<KeyAction>,
}

/// Documents are found by the values of a key in the rows that they show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexRoute {
    /// The table with the key.
    pub table: TableId,
    /// The key.
    pub key: ActingKey,
    /// Where the document shows its rows.
    pub places: Vec<IndexPlace>,
}

/// Where a document shows rows whose values are searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexPlace {
    /// The node.
    pub node: NodeId,
    /// Where the values stand, in the order of the key's columns: positions behind the ordinal.
    pub positions: Vec<usize>,
    /// In which bytes they come.
    pub codecs: Vec<Codec>,
    /// Whether they stand in the rows of the node's join table that are read apart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

/// A place of a key's table in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfollowed {
    /// The node.
    pub node: NodeId,
    /// Whether the table is the join table above it.
    pub join: bool,
}

impl ActingKey {
    /// Whether a row that it acts on stays, with other values.
    pub fn modifies(&self) -> bool {
        self.on_delete == Some(KeyAction::SetNull) || self.on_update.is_some()
    }

    /// Whether it is the same to whoever is shown its rows: it may be called otherwise.
    pub fn acts_like(&self, other: &Self) -> bool {
        let named = |key: &Self| Self { name: String::new(), ..key.clone() };
        !self.columns.is_empty() && named(self) == named(other)
    }

    /// The places where a document shows rows of its table, `of`, and is not read again when it acts on them. `None`: there are
    /// such places that cannot be named.
    pub fn unfollowed(
        &self,
        tables: &[Table],
        (nodes, routes): (&[Node], &[Route]),
        of: TableId,
    ) -> Option<Vec<Unfollowed>> {
        let of_view = |kind| matches!(kind, RouteKind::Base(_));
        if routes.iter().any(|route| route.table == of && of_view(route.kind)) {
            return None;
        }
        let mut found = Vec::new();
        for (position, node) in nodes.iter().enumerate() {
            let through = node.link.as_ref().and_then(|link| link.through.as_ref());
            let joins = through.is_some_and(|through| through.table == of);
            // Behind a join table a child hangs on the rows of that.
            if node.table == of && !(through.is_none() && self.is_followed_at(tables, nodes, node, of)) {
                found.push(Unfollowed { node: NodeId(position), join: false });
            }
            if joins && !self.is_followed_at(tables, nodes, node, of) {
                found.push(Unfollowed { node: NodeId(position), join: true });
            }
        }
        Some(found)
    }

    fn is_followed_at(&self, tables: &[Table], nodes: &[Node], node: &Node, of: TableId) -> bool {
        let Some((link, parent)) = node.link.as_ref().zip(node.parent) else { return false };
        let child = link.through.as_ref().map_or(&link.child, |through| &through.parent);
        let parent = &nodes[parent.0];
        let heard_of = parent.parent.is_none() || parent.on_change == OnChange::Follow;
        heard_of && self.is_between(tables, (of, child), (parent.table, &link.parent))
    }

    /// Whether it refers from these columns to those, and from no others.
    pub fn is_between(
        &self,
        tables: &[Table],
        (of, from): (TableId, &[ColumnId]),
        (to, onto): (TableId, &[ColumnId]),
    ) -> bool {
        let (own, other) = (&tables[of.0], &tables[to.0]);
        let pairs = || from.iter().zip(onto).map(|(from, onto)| (&own.column(*from).name, &other.column(*onto).name));
        let mut columns = self.columns.iter().zip(&self.onto_columns);
        (self.onto_schema == other.schema && self.onto == other.name && from.len() == self.columns.len())
            && columns.all(|(from, onto)| {
                pairs().any(|pair| from.eq_ignore_ascii_case(pair.0) && onto.eq_ignore_ascii_case(pair.1))
            })
    }
}

impl crate::Document {
    /// What a document needs when a key acts on rows of a table, where the log does not say so.
    pub fn follows(&self, tables: &[Table], key: &ActingKey, of: TableId) -> Following {
        match key.unfollowed(tables, (&self.nodes, &self.routes), of) {
            Some(places) if places.is_empty() => return Following::Nothing,
            Some(_) => {
                let routed = |route: &IndexRoute| route.table == of && route.key.acts_like(key);
                if let Some(route) = self.index_routes.iter().position(routed) {
                    return Following::Search(route);
                }
            }
            None => {}
        }
        // What the schema asks not to be followed is not followed here either.
        let is_asked = self.routes.iter().any(|route| route.table == of);
        if is_asked { Following::Everything } else { Following::Nothing }
    }
}

impl crate::Document {
    /// Whether a document that shows a row on which a key acts always shows the row that it refers to as well, and is found by the
    /// values of that one's own key, `above`. Then what comes to the first by way of the second needs no more.
    pub fn covers(&self, tables: &[Table], (key, of): (&ActingKey, TableId), above: &ActingKey) -> bool {
        let is_onto = |table: &Table| table.schema == key.onto_schema && table.name == key.onto;
        let Some(onto) = tables.iter().position(is_onto).map(TableId) else { return false };
        let Some(route) = self.index_routes.iter().find(|route| route.table == onto && route.key.acts_like(above))
        else {
            return false;
        };
        let Some(places) = key.unfollowed(tables, (&self.nodes, &self.routes), of) else { return false };
        let shows = |position: usize, child: &[ColumnId]| {
            let node = &self.nodes[position];
            let whole = node.filter.is_none() && node.limit.is_none() && !node.distinct && !node.is_aggregate();
            let linked = node.link.as_ref().map_or(&[][..], |link| &link.child);
            let found = route.places.iter().any(|place| place.node.0 == position && !place.apart);
            node.table == onto && whole && found && key.is_between(tables, (of, child), (onto, linked))
        };
        places.iter().all(|place| {
            let through = self.node(place.node).link.as_ref().and_then(|link| link.through.as_ref());
            if let (true, Some(through)) = (place.join, through) {
                return shows(place.node.0, &through.child);
            }
            self.nodes.iter().enumerate().any(|(position, node)| {
                let link = node.link.as_ref().filter(|link| link.through.is_none());
                node.parent == Some(place.node) && link.is_some_and(|link| shows(position, &link.parent))
            })
        })
    }
}

/// How a document follows a key that acts on rows of a table it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// By what the log says of the other table, or not at all.
    Nothing,
    /// By a search in the index: the position of the route.
    Search(usize),
    /// By reading all documents again.
    Everything,
}
