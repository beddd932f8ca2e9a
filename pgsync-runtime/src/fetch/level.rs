//! One level of the tree. In: rows of a node, and the rendered values of its children. Out: rendered values per link
//! value asked for. It sees byte slices only.

use super::render::{Renderer, string};
use super::rows::Rows;
use crate::Result;
use pgsync_plan::{Document, FieldValue, NodeId, Plan, Shape};
use std::collections::HashMap;
use std::ops::Range;

/// What a node shows, prepared once.
#[derive(Debug)]
pub(super) struct Shown {
    pub shape: Shape,
    /// Per field: the bytes before its value (`{"name":` or `,"name":`), and where the value comes from.
    fields: Vec<(Vec<u8>, Value)>,
    /// The node's children.
    pub children: Vec<Child>,
}

#[derive(Debug, Clone, Copy)]
enum Value {
    /// A column of the node's rows.
    Column(usize, Renderer),
    /// Position in `children`.
    Child(usize),
}

/// A child of a node.
#[derive(Debug)]
pub(super) struct Child {
    pub node: NodeId,
    /// Positions, in the node's select, of the columns that link it.
    pub link: Vec<usize>,
}

impl Shown {
    /// Prepares a node.
    pub(super) fn new(plan: &Plan, document: &Document, id: NodeId) -> Self {
        let node = document.node(id);
        let table = plan.table(node.table);
        let mut children = Vec::new();
        let mut fields = Vec::new();
        for field in &node.fields {
            let mut name = vec![if fields.is_empty() { b'{' } else { b',' }];
            string(field.name.as_bytes(), &mut name);
            name.push(b':');
            let value = match field.value {
                FieldValue::Select(position) => {
                    let select = &node.select[position];
                    Value::Column(position, Renderer::of(select, &table.column(select.column).ty))
                }
                FieldValue::Child(child) => {
                    let link = document.node(child).link.as_ref().map(|link| link.parent_select.clone());
                    children.push(Child { node: child, link: link.unwrap_or_default() });
                    Value::Child(children.len() - 1)
                }
            };
            fields.push((name, value));
        }
        Self { shape: node.shape, fields, children }
    }

    /// Appends the value of one row. `offset` is where the node's select begins among the columns.
    pub(super) fn row(
        &self,
        rows: &Rows,
        row: usize,
        offset: usize,
        children: &[Linked],
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let bare = matches!(self.shape, Shape::Scalar | Shape::Scalars);
        for (name, value) in &self.fields {
            if !bare {
                out.extend_from_slice(name);
            }
            match *value {
                Value::Column(column, renderer) => renderer.render(rows.get(row, offset + column), out)?,
                Value::Child(child) => children[child].write(row, out),
            }
            if bare {
                return Ok(());
            }
        }
        out.extend_from_slice(if self.fields.is_empty() { b"{}" } else { b"}" });
        Ok(())
    }
}

/// Distinct link values, by their bytes, in chunks of at most so many. Asking for the same value twice, spelled
/// differently, costs a look-up and nothing else; which rows belong to it the database says.
#[derive(Debug)]
pub(super) struct LinkKeys {
    arity: usize,
    chunk: usize,
    known: HashMap<Vec<u8>, u32>,
    /// Per chunk and column: array elements.
    pub chunks: Vec<(usize, Vec<Vec<u8>>)>,
}

impl LinkKeys {
    /// None, of this many columns.
    pub(super) fn new(arity: usize, chunk: usize) -> Self {
        Self { arity, chunk, known: HashMap::new(), chunks: Vec::new() }
    }

    /// The position of a tuple among the distinct ones; `None` when one of its values is NULL.
    pub(super) fn position<'a>(&mut self, values: impl Iterator<Item = Option<&'a [u8]>>) -> Option<u32> {
        let mut key = Vec::new();
        for value in values {
            let value = value?;
            key.extend_from_slice(&(value.len() as u32).to_be_bytes());
            key.extend_from_slice(value);
        }
        if let Some(position) = self.known.get(&key) {
            return Some(*position);
        }
        let position = self.known.len() as u32;
        if (position as usize).is_multiple_of(self.chunk) {
            self.chunks.push((0, vec![Vec::new(); self.arity]));
        }
        let (count, columns) = self.chunks.last_mut()?;
        *count += 1;
        let mut rest = key.as_slice();
        for column in columns {
            let length = rest.first_chunk::<4>().map_or(0, |head| u32::from_be_bytes(*head) as usize);
            let (element, after) = rest.split_at(4 + length);
            column.extend_from_slice(element);
            rest = after;
        }
        self.known.insert(key, position);
        Some(position)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}

/// A child's rendered values, and which of them each row of the parent shows.
#[derive(Debug)]
pub(super) struct Linked {
    pub of_row: Vec<Option<u32>>,
    pub values: Rendered,
}

impl Linked {
    fn write(&self, row: usize, out: &mut Vec<u8>) {
        let value = self.of_row[row].map(|position| self.values.ranges[position as usize].clone());
        match value.filter(|range| !range.is_empty()) {
            Some(range) => out.extend_from_slice(&self.values.bytes[range]),
            None => out.extend_from_slice(b"null"),
        }
    }
}

/// One rendered value per link value; an empty range where there is no row.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    bytes: Vec<u8>,
    ranges: Vec<Range<usize>>,
}

impl Rendered {
    /// Nothing rendered for so many link values.
    pub(super) fn new(count: usize) -> Self {
        Self { bytes: Vec::new(), ranges: vec![0..0; count] }
    }

    /// Renders the rows of a node, which come ordered by ordinal in column 0. `base` is the position that ordinal 1
    /// stands for.
    pub(super) fn add(&mut self, shown: &Shown, rows: &Rows, base: usize, children: &[Linked]) -> Result<()> {
        let many = matches!(shown.shape, Shape::Objects | Shape::Scalars);
        let mut row = 0;
        while row < rows.len() {
            let ordinal = ordinal(rows, row);
            let start = self.bytes.len();
            if many {
                self.bytes.push(b'[');
            }
            let first = row;
            while row < rows.len() && self::ordinal(rows, row) == ordinal {
                // A to-one relation with several rows shows the one with the lowest key, which comes first.
                if many || row == first {
                    if row > first {
                        self.bytes.push(b',');
                    }
                    shown.row(rows, row, 1, children, &mut self.bytes)?;
                }
                row += 1;
            }
            if many {
                self.bytes.push(b']');
            }
            self.ranges[base + ordinal - 1] = start..self.bytes.len();
        }
        Ok(())
    }
}

/// The ordinal in column 0 of a row, counted from 1.
pub(super) fn ordinal(rows: &Rows, row: usize) -> usize {
    let bytes = rows.get(row, 0).and_then(|value| <[u8; 8]>::try_from(value).ok());
    bytes.map_or(1, |bytes| i64::from_be_bytes(bytes).max(1) as usize)
}
