//! Putting documents together. In: the rows of each level as byte slices, with the ordinal of the link value that found
//! them. Out: JSON, bottom-up. No driver's type is known here and no equality is decided: children belong to a parent
//! because the database returned the ordinal of its link.

use super::distinct::Distinct;
use super::layout::{Layout, Level};
use super::param::{ArrayWriter, Param};
use super::render::{self, Malformed};
use super::rows::Rows;
use crate::{Error, ErrorKind, Result};
use pgsync_plan::{FieldValue, NodeId, Shape};
use std::ops::Range;

/// The link values that a level is asked for: each distinct tuple of the parents' rows once.
#[derive(Debug, Default)]
pub(crate) struct Links {
    tuples: Distinct,
    /// Per row of the parent: which tuple, or none where a value is NULL.
    of_parent: Vec<Option<usize>>,
}

impl Links {
    /// Collects the links of a level from its parent's rows, whose cells begin at column `offset`.
    pub(crate) fn collect(level: &Level, parents: &Rows, offset: usize) -> Self {
        let mut links = Self::default();
        for row in 0..parents.len() {
            let linked = links.tuples.insert(|bytes| {
                for &cell in &level.parent_cells {
                    let value = parents.value(row, offset + cell).ok_or(())?;
                    bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
                    bytes.extend_from_slice(value);
                }
                Ok::<(), ()>(())
            });
            links.of_parent.push(linked.ok().map(|(number, _)| number));
        }
        links
    }

    pub(crate) fn len(&self) -> usize {
        self.tuples.len()
    }

    /// One binary array per column, of the tuples in a range.
    pub(crate) fn arrays(&self, range: Range<usize>, elements: &[u32]) -> Vec<Param> {
        let mut arrays: Vec<ArrayWriter> = elements.iter().map(|element| ArrayWriter::new(*element)).collect();
        for number in range {
            let mut rest = self.tuples.get(number);
            for array in &mut arrays {
                let Some((head, tail)) = rest.split_first_chunk::<4>() else { break };
                let (value, tail) = tail.split_at(u32::from_be_bytes(*head) as usize);
                array.push(value);
                rest = tail;
            }
        }
        arrays.into_iter().map(ArrayWriter::finish).collect()
    }
}

/// What was read of one level below the root. Column 0 of the rows is the ordinal, counted from 1 over all tuples.
#[derive(Debug)]
pub(crate) struct LevelRows {
    pub(crate) links: Links,
    /// Per statement that was run: where its rows begin and how many tuples were asked before it.
    pub(crate) chunks: Vec<(usize, usize)>,
    pub(crate) rows: Rows,
}

/// A level rendered: one JSON value per link tuple.
#[derive(Debug, Default)]
struct Rendered {
    bytes: Vec<u8>,
    values: Vec<Range<usize>>,
}

/// Renders every level below the root and then root rows on demand.
#[derive(Debug)]
pub(crate) struct Assembler<'a> {
    layout: &'a Layout,
    below: &'a [Option<LevelRows>],
    rendered: Vec<Rendered>,
}

impl<'a> Assembler<'a> {
    /// Renders the levels below the root. `below` has an entry per node; the root's is `None`.
    pub(crate) fn new(layout: &'a Layout, below: &'a [Option<LevelRows>]) -> Result<Self> {
        let mut this = Self { layout, below, rendered: Vec::new() };
        this.rendered.resize_with(layout.levels.len(), Rendered::default);
        for node in (1..layout.levels.len()).rev() {
            if let Some(read) = &below[node] {
                let rendered = this.level(node, read)?;
                this.rendered[node] = rendered;
            }
        }
        Ok(this)
    }

    /// Appends the document of one root row, whose cells begin at column `offset`.
    pub(crate) fn root(&self, roots: &Rows, row: usize, offset: usize, out: &mut Vec<u8>) -> Result<()> {
        self.row(0, roots, row, offset, out)
    }

    fn level(&self, node: usize, read: &LevelRows) -> Result<Rendered> {
        let level = &self.layout.levels[node];
        let (many, null) = match level.shape {
            Shape::Objects | Shape::Scalars => (true, b"null"),
            Shape::Object | Shape::Scalar => (false, b"null"),
        };
        let mut rendered = Rendered { bytes: Vec::new(), values: Vec::with_capacity(read.links.len()) };
        let mut chunks = read.chunks.iter().peekable();
        let mut asked_before = 0;
        let mut row = 0;
        let mut ordinal_of = |row: usize| -> Result<Option<usize>> {
            if row >= read.rows.len() {
                return Ok(None);
            }
            while let Some((_, before)) = chunks.next_if(|(start, _)| *start <= row) {
                asked_before = *before;
            }
            ordinal(&read.rows, row)
                .map(|ordinal| Some(asked_before + ordinal - 1))
                .map_err(|Malformed| malformed(level, "the ordinal"))
        };
        let mut at = ordinal_of(row)?;
        for tuple in 0..read.links.len() {
            let start = rendered.bytes.len();
            let mut count = 0;
            while at == Some(tuple) {
                if many || count == 0 {
                    if many {
                        rendered.bytes.push(if count == 0 { b'[' } else { b',' });
                    }
                    self.row(node, &read.rows, row, 1, &mut rendered.bytes)?;
                }
                count += 1;
                row += 1;
                at = ordinal_of(row)?;
            }
            if count == 0 {
                rendered.bytes.extend_from_slice(null);
            } else if many {
                rendered.bytes.push(b']');
            }
            rendered.values.push(start..rendered.bytes.len());
        }
        if at.is_some() {
            return Err(malformed(level, "the order of the rows"));
        }
        Ok(rendered)
    }

    fn row(&self, node: usize, rows: &Rows, row: usize, offset: usize, out: &mut Vec<u8>) -> Result<()> {
        let level = &self.layout.levels[node];
        let object = matches!(level.shape, Shape::Object | Shape::Objects);
        for member in &level.members {
            if object {
                out.extend_from_slice(&member.prefix);
            }
            match member.value {
                FieldValue::Select(position) => {
                    let cell = level.cells[position];
                    render::json(cell.kind, cell.form, rows.value(row, offset + position), out)
                        .map_err(|Malformed| malformed(level, "a value"))?;
                }
                FieldValue::Child(NodeId(child)) => out.extend_from_slice(self.child(child, row)),
            }
        }
        match (object, level.members.is_empty()) {
            (true, true) => out.extend_from_slice(b"{}"),
            (true, false) => out.push(b'}'),
            (false, true) => out.extend_from_slice(b"null"),
            (false, false) => {}
        }
        Ok(())
    }

    /// What a parent's row shows of a child.
    fn child(&self, child: usize, parent_row: usize) -> &[u8] {
        let tuple = self.below[child].as_ref().and_then(|read| read.links.of_parent[parent_row]);
        let rendered = &self.rendered[child];
        tuple.map_or(b"null", |tuple| &rendered.bytes[rendered.values[tuple].clone()])
    }
}

/// The ordinal in column 0, from 1.
pub(crate) fn ordinal(rows: &Rows, row: usize) -> std::result::Result<usize, Malformed> {
    let bytes = rows.value(row, 0).ok_or(Malformed)?;
    let ordinal = i64::from_be_bytes(render::fixed(bytes)?);
    usize::try_from(ordinal).ok().filter(|ordinal| *ordinal > 0).ok_or(Malformed)
}

/// The database sent what the statement cannot give.
pub(crate) fn malformed(level: &Level, what: &str) -> Error {
    Error::new(ErrorKind::Fatal, format!("{what} read of table {} is not of the form its type has", level.table))
        .help("compile the schema again with the same version of pgsync that runs it")
}
