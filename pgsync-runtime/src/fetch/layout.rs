//! A document's tree, made ready for assembly. In: the plan. Out: per node its columns, its field names as JSON, where
//! its links stand. What the plan gets wrong is said here, before anything is read.

use crate::{Error, ErrorKind, Result};
use pgsync_plan::{
    Codec, Concat, Document, Field, FieldValue, NodeId, Order, OrderColumn, Plan, Rewrite, Select, Shape,
};

use super::meta::{MetaCell, MetaNames};
use super::render;
use super::routed::{self, RoutedCell};

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Member {
    /// `{"name":` on the first, `,"name":` on the others.
    pub(crate) prefix: Vec<u8>,
    pub(crate) value: FieldValue,
    /// What is done to the value before it is shown.
    pub(crate) rewrite: Option<Rewrite>,
    /// Whether it is not shown.
    pub(crate) hidden: bool,
    /// Whether the fields of its value stand here without braces: a child that is flattened.
    pub(crate) flat: bool,
}

/// A node of the tree.
#[derive(Debug)]
pub(crate) struct Level {
    /// The table, for messages.
    pub(crate) table: String,
    pub(crate) parent: Option<usize>,
    pub(crate) depth: usize,
    pub(crate) shape: Shape,
    /// What a parent shows where no row belongs to it: null, an empty array, an object whose fields show that, or what is made
    /// of no row.
    pub(crate) nothing: Vec<u8>,
    pub(crate) cells: Vec<Codec>,
    /// What is made of no row, in the place of each cell.
    without_rows: Vec<&'static str>,
    pub(crate) members: Vec<Member>,
    /// Texts that are put together of members.
    pub(crate) concats: Vec<Concat>,
    /// Whether any member is hidden, rewritten, or put together.
    pub(crate) transformed: bool,
    /// Positions of the link in the parent's cells.
    pub(crate) parent_cells: Vec<usize>,
    /// Whether rows are likely to be shown by several documents.
    pub(crate) shared: bool,
    /// The columns behind the first that order rows of one link value, or its join rows; none where they come in order.
    pub(crate) order: Vec<OrderColumn>,
    /// How many columns are read behind the cells for ordering only.
    pub(crate) order_columns: usize,
    /// What is read of the join row, behind those.
    pub(crate) join_cells: Vec<Codec>,
    /// Values of a row that `_meta` lists.
    pub(crate) meta: Vec<MetaCell>,
    /// Values of a row that documents are found by.
    pub(crate) routed: Vec<RoutedCell>,
    /// Those of a row of the join table, where that is read apart.
    pub(crate) routed_join: Vec<RoutedCell>,
    /// Whether anything is gathered of its rows, or of what is below them.
    pub(crate) gathered: bool,
}

impl Level {
    /// The database sent what the statement cannot give.
    pub(crate) fn malformed(&self, what: &str) -> Error {
        Error::new(ErrorKind::Fatal, format!("{what} read of table {} is not of the form its type has", self.table))
            .help("compile the schema again with the same version of pgsync that runs it")
    }
}

/// An object whose every field shows that there is no row.
fn without_row(levels: &[Level], number: usize) -> Vec<u8> {
    let mut object = Vec::new();
    for member in levels[number].members.iter().filter(|member| !member.hidden) {
        object.extend_from_slice(&member.prefix);
        match member.value {
            FieldValue::Child(NodeId(child)) if member.flat => object.extend_from_slice(within(&levels[child].nothing)),
            FieldValue::Child(NodeId(child)) => object.extend_from_slice(&levels[child].nothing),
            FieldValue::Select(position) => {
                object.extend_from_slice(levels[number].without_rows[position].as_bytes());
            }
            FieldValue::Concat(_) => object.extend_from_slice(b"null"),
        }
    }
    object.push(b'}');
    object
}

/// What a value is without a row.
fn without_rows(select: &Select) -> &'static str {
    select.aggregate.as_ref().map_or("null", |aggregate| aggregate.function.without_rows())
}

/// An object without its braces.
pub(super) fn within(object: &[u8]) -> &[u8] {
    object.get(1..object.len().saturating_sub(1)).unwrap_or_default()
}

/// The tree in pre-order, and the `_id`.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) levels: Vec<Level>,
    pub(crate) id: Vec<usize>,
    /// Where the routing stands in the root's cells.
    pub(crate) routing: Option<usize>,
    /// The tables of `_meta`, and the columns of each.
    pub(crate) meta: MetaNames,
    /// Whether documents hold what they are found by.
    pub(crate) is_routed: bool,
}

impl Layout {
    pub(crate) fn new(plan: &Plan, document: &Document) -> Result<Self> {
        let mut levels: Vec<Level> = Vec::with_capacity(document.nodes.len());
        for node in &document.nodes {
            let table = plan.table(node.table);
            let parent = node.parent.map(|NodeId(parent)| parent);
            let cells: Vec<Codec> = node.select.iter().map(|select| select.codec).collect();
            let unreadable = |position: &usize| cells[*position] == Codec::Opaque;
            let shown = node.fields.iter().filter_map(|field| match field.value {
                FieldValue::Select(position) => Some(position),
                FieldValue::Child(_) | FieldValue::Concat(_) => None,
            });
            let named: Vec<usize> =
                if parent.is_none() { shown.chain(document.id.iter().copied()).collect() } else { shown.collect() };
            if let Some(position) = named.into_iter().find(unreadable) {
                let select = &node.select[position];
                return Err(Error::new(
                    ErrorKind::Fatal,
                    format!(
                        "the plan of index {} reads {}.{} in bytes that are not to be shown",
                        document.index,
                        table.qualified(),
                        table.column(select.column).name
                    ),
                )
                .help("use the same version of pgsync to generate and to run"));
            }
            let mut first = true;
            let member = |field: &Field| {
                let opens = !field.hidden && std::mem::take(&mut first);
                let mut prefix = vec![if opens { b'{' } else { b',' }];
                let child = if let FieldValue::Child(id) = field.value { Some(document.node(id)) } else { None };
                let flat = child.is_some_and(|child| child.shape == Shape::Flat);
                if !flat {
                    render::text::string(field.name.as_bytes(), &mut prefix);
                    prefix.push(b':');
                }
                Member { prefix, value: field.value, rewrite: field.rewrite.clone(), hidden: field.hidden, flat }
            };
            let members: Vec<Member> = node.fields.iter().map(member).collect();
            let plain = |member: &Member| !member.hidden && member.rewrite.is_none();
            levels.push(Level {
                table: table.qualified(),
                parent,
                depth: parent.map_or(0, |parent| levels[parent].depth + 1),
                shape: node.shape,
                nothing: if node.empty_array { b"[]".to_vec() } else { b"null".to_vec() },
                cells,
                without_rows: node.select.iter().map(without_rows).collect(),
                transformed: !node.concats.is_empty() || !members.iter().all(plain),
                concats: node.concats.clone(),
                members,
                shared: node.link.as_ref().is_some_and(|link| link.reading.shared),
                join_cells: node
                    .link
                    .iter()
                    .flat_map(|link| &link.reading.join_select)
                    .map(|select| select.codec)
                    .collect(),
                meta: Vec::new(),
                routed: Vec::new(),
                routed_join: Vec::new(),
                gathered: false,
                order_columns: node.link.as_ref().map_or(0, |link| link.reading.order_columns.len()),
                order: match node.link.as_ref().map(|link| &link.reading.order) {
                    Some(Order::Reader(columns)) => columns.clone(),
                    Some(Order::Statement) | None => Vec::new(),
                },
                parent_cells: node.link.as_ref().map(|link| link.parent_select.clone()).unwrap_or_default(),
            });
        }
        // From the leaves up: a flattened child without a row shows each of its fields, and so does what is made of all rows.
        for number in (0..levels.len()).rev() {
            let aggregate = document.nodes[number].is_aggregate();
            match levels[number].shape {
                Shape::Flat => levels[number].nothing = without_row(&levels, number),
                Shape::Object if aggregate => levels[number].nothing = without_row(&levels, number),
                Shape::Scalar if aggregate => levels[number].nothing = levels[number].without_rows[0].into(),
                Shape::Object | Shape::Scalar | Shape::Objects | Shape::Scalars => {}
            }
        }
        let meta = MetaNames::new(&document.meta, &mut levels);
        let is_routed = !document.index_routes.is_empty();
        routed::place(&document.index_routes, &mut levels);
        for number in (0..levels.len()).rev() {
            let of = &mut levels[number];
            of.gathered |= !meta.is_empty() || !of.routed.is_empty();
            if let (true, Some(parent)) = (of.gathered || !of.routed_join.is_empty(), of.parent) {
                levels[parent].gathered = true;
            }
        }
        Ok(Self { levels, id: document.id.clone(), routing: document.routing, meta, is_routed })
    }

    pub(crate) fn depth(&self) -> usize {
        self.levels.iter().map(|level| level.depth).max().unwrap_or(0)
    }
}
