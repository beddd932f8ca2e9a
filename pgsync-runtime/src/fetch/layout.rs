//! A document's tree, made ready for assembly. In: the plan. Out: per node its columns, its field names as JSON, where
//! its links stand. What the plan gets wrong is said here, before anything is read.

use crate::{Error, ErrorKind, Result};
use pgsync_plan::{Codec, Concat, Document, Field, FieldValue, NodeId, Order, OrderColumn, Plan, Rewrite, Shape};

use super::render;

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
}

/// A node of the tree.
#[derive(Debug)]
pub(crate) struct Level {
    /// The table, for messages.
    pub(crate) table: String,
    pub(crate) parent: Option<usize>,
    pub(crate) depth: usize,
    pub(crate) shape: Shape,
    pub(crate) cells: Vec<Codec>,
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
}

impl Level {
    /// The database sent what the statement cannot give.
    pub(crate) fn malformed(&self, what: &str) -> Error {
        Error::new(ErrorKind::Fatal, format!("{what} read of table {} is not of the form its type has", self.table))
            .help("compile the schema again with the same version of pgsync that runs it")
    }
}

/// The tree in pre-order, and the `_id`.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) levels: Vec<Level>,
    pub(crate) id: Vec<usize>,
    /// Where the routing stands in the root's cells.
    pub(crate) routing: Option<usize>,
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
                render::text::string(field.name.as_bytes(), &mut prefix);
                prefix.push(b':');
                Member { prefix, value: field.value, rewrite: field.rewrite.clone(), hidden: field.hidden }
            };
            let members: Vec<Member> = node.fields.iter().map(member).collect();
            let plain = |member: &Member| !member.hidden && member.rewrite.is_none();
            levels.push(Level {
                table: table.qualified(),
                parent,
                depth: parent.map_or(0, |parent| levels[parent].depth + 1),
                shape: node.shape,
                cells,
                transformed: !node.concats.is_empty() || !members.iter().all(plain),
                concats: node.concats.clone(),
                members,
                shared: node.link.as_ref().is_some_and(|link| link.reading.shared),
                order_columns: node.link.as_ref().map_or(0, |link| link.reading.order_columns.len()),
                order: match node.link.as_ref().map(|link| &link.reading.order) {
                    Some(Order::Reader(columns)) => columns.clone(),
                    Some(Order::Statement) | None => Vec::new(),
                },
                parent_cells: node.link.as_ref().map(|link| link.parent_select.clone()).unwrap_or_default(),
            });
        }
        Ok(Self { levels, id: document.id.clone(), routing: document.routing })
    }

    pub(crate) fn depth(&self) -> usize {
        self.levels.iter().map(|level| level.depth).max().unwrap_or(0)
    }
}
