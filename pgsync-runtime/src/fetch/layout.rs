//! A document's tree, made ready for assembly. In: the plan. Out: per node its columns, its field names as JSON, where
//! its links stand. What the plan gets wrong is said here, before anything is read.

use crate::{Error, ErrorKind, Result};
use pgsync_plan::{Document, FieldValue, Form, Link, Node, NodeId, Plan, Shape, ValueKind};

use super::render;

/// One value read of a row.
#[derive(Debug, Clone, Copy)]
pub struct ValueCell {
    /// Its kind.
    pub kind: ValueKind,
    /// How it crosses the wire.
    pub form: Form,
}

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Member {
    /// `{"name":` on the first, `,"name":` on the others.
    pub(crate) prefix: Vec<u8>,
    pub(crate) value: FieldValue,
}

/// A node of the tree.
#[derive(Debug)]
pub(crate) struct Level {
    /// The table, for messages.
    pub(crate) table: String,
    pub(crate) parent: Option<usize>,
    pub(crate) depth: usize,
    pub(crate) shape: Shape,
    pub(crate) cells: Vec<ValueCell>,
    pub(crate) members: Vec<Member>,
    /// Positions of the link in the parent's cells.
    pub(crate) parent_cells: Vec<usize>,
    /// Whether rows are likely to be shown by several documents.
    pub(crate) shared: bool,
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
}

impl Layout {
    pub(crate) fn new(plan: &Plan, document: &Document) -> Result<Self> {
        let mut levels: Vec<Level> = Vec::with_capacity(document.nodes.len());
        for node in &document.nodes {
            let table = plan.table(node.table);
            let parent = node.parent.map(|NodeId(parent)| parent);
            let cells: Vec<ValueCell> = node
                .select
                .iter()
                .map(|select| {
                    let ty = &table.column(select.column).ty;
                    // An array has the kind of its elements, which says nothing about its own bytes.
                    let kind = if ty.array && select.form != Form::List { ValueKind::Other } else { ty.kind };
                    ValueCell { kind, form: select.form }
                })
                .collect();
            let unreadable = |position: &usize| {
                let cell = cells[*position];
                cell.form == Form::Raw && !render::is_native(cell.kind)
            };
            let shown = node.fields.iter().filter_map(|field| match field.value {
                FieldValue::Select(position) => Some(position),
                FieldValue::Child(_) => None,
            });
            let named: Vec<usize> =
                if parent.is_none() { shown.chain(document.id.iter().copied()).collect() } else { shown.collect() };
            if let Some(position) = named.into_iter().find(unreadable) {
                let select = &node.select[position];
                return Err(Error::new(
                    ErrorKind::Fatal,
                    format!(
                        "the plan of index {} reads {}.{} in binary form, which this runtime cannot show",
                        document.index,
                        table.qualified(),
                        table.column(select.column).name
                    ),
                )
                .help("use the same version of pgsync to generate and to run"));
            }
            let members = node
                .fields
                .iter()
                .enumerate()
                .map(|(position, field)| {
                    let mut prefix = vec![if position == 0 { b'{' } else { b',' }];
                    render::text::string(field.name.as_bytes(), &mut prefix);
                    prefix.push(b':');
                    Member { prefix, value: field.value }
                })
                .collect();
            levels.push(Level {
                table: table.qualified(),
                parent,
                depth: parent.map_or(0, |parent| levels[parent].depth + 1),
                shape: node.shape,
                cells,
                members,
                shared: node.link.as_ref().is_some_and(|link| is_shared(plan, document, node, link)),
                parent_cells: node.link.as_ref().map(|link| link.parent_select.clone()).unwrap_or_default(),
            });
        }
        Ok(Self { levels, id: document.id.clone() })
    }

    pub(crate) fn depth(&self) -> usize {
        self.levels.iter().map(|level| level.depth).max().unwrap_or(0)
    }
}

/// Whether several parents may have the same link value: not where it holds the parent's key. Behind a join table it is
/// the join rows that link.
fn is_shared(plan: &Plan, document: &Document, node: &Node, link: &Link) -> bool {
    let parent = node.parent.map(|parent| plan.table(document.node(parent).table));
    link.through.is_some()
        || parent.is_some_and(|parent| parent.key.is_empty() || !parent.key.iter().all(|key| link.parent.contains(key)))
}
