//! Putting documents together. In: the rows of each level as byte slices, grouped by the link value that found them.
//! Out: JSON, bottom-up. No driver's type is known here and no equality is decided.

use super::budget::{Count, Halt};
use super::layout::{Layout, Level, Member, within};
use super::links::{GroupedRows, Groups, LinkKeys};
use super::render::{self, Malformed};
use super::rewrite;
use super::routed;
use super::row_cache::RowCache;
use super::rows::Rows;
use crate::Result;
use pgsync_plan::{FieldValue, NodeId};
use std::ops::Range;

/// What was read of one level below the root.
#[derive(Debug)]
pub(crate) struct LevelRows {
    /// The rows of the join table, and the parents' links that found them, where they are read apart.
    pub(crate) join: Option<(LinkKeys, GroupedRows)>,
    /// Link values of the parents; where there are join rows, of those.
    pub(crate) links: LinkKeys,
    /// What was known already, by tuple; the others were asked for.
    pub(crate) known: Rendered,
    pub(crate) found: GroupedRows,
}

/// JSON values in one buffer.
#[derive(Debug, Default)]
pub(crate) struct Rendered {
    bytes: Vec<u8>,
    values: Vec<Option<Range<usize>>>,
}

impl Rendered {
    /// Adds what is known of the next tuple.
    pub(crate) fn push(&mut self, json: Option<&[u8]>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(json.unwrap_or_default());
        self.values.push(json.map(|_| start..self.bytes.len()));
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len() + self.values.len() * size_of::<Option<Range<usize>>>()
    }

    pub(crate) fn get(&self, number: usize) -> Option<&[u8]> {
        self.values.get(number)?.clone().map(|range| &self.bytes[range])
    }
}

/// Renders every level below the root and then root rows on demand.
#[derive(Debug)]
pub(crate) struct Assembler<'a> {
    layout: &'a Layout,
    below: &'a [Option<LevelRows>],
    /// Per level: what each link value of the parent shows.
    rendered: Vec<Rendered>,
    /// Per level: the keys of the rows that each link value leads to, and of those below them. Only where `_meta` lists them, or
    /// documents are found by them.
    keys: Vec<Rendered>,
}

impl<'a> Assembler<'a> {
    /// Renders the levels below the root. `below` has an entry per node; the root's is `None`. What other documents may
    /// show too is kept in `shared`.
    pub(crate) fn new(
        layout: &'a Layout,
        below: &'a mut [Option<LevelRows>],
        shared: &RowCache,
        count: &Count,
    ) -> std::result::Result<Self, Halt> {
        let known = below.iter_mut().map(|read| read.as_mut().map(|read| std::mem::take(&mut read.known)));
        let mut known: Vec<_> = known.map(Option::unwrap_or_default).collect();
        let below = &*below;
        let mut this = Self { layout, below, rendered: Vec::new(), keys: Vec::new() };
        this.rendered.resize_with(layout.levels.len(), Rendered::default);
        this.keys.resize_with(layout.levels.len(), Rendered::default);
        for node in (1..layout.levels.len()).rev() {
            if let Some(read) = &below[node] {
                let mut rendered = this.level(node, read, std::mem::take(&mut known[node]), shared, count)?;
                if let Some(join) = &read.join {
                    rendered = join_up(join, &read.links, &rendered, &layout.levels[node].nothing, count)?;
                }
                this.rendered[node] = rendered;
                if layout.levels[node].gathered || !layout.levels[node].routed_join.is_empty() {
                    this.keys[node] = this.keys_of_level(node, read, count)?;
                }
            }
        }
        Ok(this)
    }

    /// Appends the document of one root row, whose cells begin at column `offset`. Says where the member begins that is not shown:
    /// at the end where there is none. `routed`: whether it may have one.
    pub(crate) fn root(
        &self,
        roots: &Rows,
        (row, offset): (usize, usize),
        routed: bool,
        out: &mut Vec<u8>,
    ) -> Result<usize> {
        self.row(0, roots, row, offset, out)?;
        let routed = routed && self.layout.is_routed;
        if self.layout.meta.is_empty() && !routed {
            return Ok(out.len());
        }
        let mut keys = Vec::new();
        self.keys_of_row(0, roots, (row, offset), &mut keys)?;
        out.truncate(out.len() - 1);
        let is_empty = |out: &Vec<u8>| out.last() == Some(&b'{');
        if !self.layout.meta.is_empty() {
            out.extend_from_slice(if is_empty(out) { b"\"_meta\":" } else { b",\"_meta\":" });
            self.layout.meta.json(&keys, out);
        }
        let shown = out.len();
        if routed {
            routed::member(&keys, is_empty(out), out);
        }
        out.push(b'}');
        Ok(if routed { shown } else { out.len() })
    }

    /// The keys of the rows that each tuple shows.
    fn keys_of_level(&self, node: usize, read: &LevelRows, count: &Count) -> std::result::Result<Rendered, Halt> {
        let level = &self.layout.levels[node];
        let most = if level.shape.is_many() && read.join.is_none() { usize::MAX } else { 1 };
        let mut keys = Rendered::default();
        let mut groups = Groups::new(&read.found);
        for tuple in 0..read.links.len() {
            let start = keys.bytes.len();
            for position in groups.next(tuple).take(most) {
                self.keys_of_row(node, &read.found.rows, (read.found.row(position), 1), &mut keys.bytes)?;
                count.check(keys.bytes())?;
            }
            keys.values.push(Some(start..keys.bytes.len()));
        }
        count.add(keys.bytes());
        let Some((links, found)) = &read.join else { return Ok(keys) };
        // What the join rows of each parent give, with what they lead to.
        let children = keys;
        let mut keys = Rendered::default();
        let mut groups = Groups::new(found);
        for tuple in 0..links.len() {
            let start = keys.bytes.len();
            for position in groups.next(tuple) {
                let row = found.row(position);
                for cell in &level.routed_join {
                    cell.record(&found.rows, (row, 1), &mut keys.bytes)
                        .map_err(|Malformed| level.malformed("a key"))?;
                }
                let child = read.links.of_row(row).and_then(|tuple| children.get(tuple));
                keys.bytes.extend_from_slice(child.unwrap_or_default());
                count.check(keys.bytes())?;
            }
            keys.values.push(Some(start..keys.bytes.len()));
        }
        count.add(keys.bytes());
        Ok(keys)
    }

    /// The keys of a row, and of those below it.
    fn keys_of_row(&self, node: usize, rows: &Rows, (row, offset): (usize, usize), out: &mut Vec<u8>) -> Result<()> {
        let level = &self.layout.levels[node];
        for cell in &level.meta {
            cell.record(node == 0, rows.value(row, offset + cell.position), out)
                .map_err(|Malformed| level.malformed("a key"))?;
        }
        for cell in &level.routed {
            cell.record(rows, (row, offset), out).map_err(|Malformed| level.malformed("a key"))?;
        }
        for child in level.members.iter().filter_map(|member| match member.value {
            FieldValue::Child(NodeId(child)) => Some(child),
            FieldValue::Select(_) | FieldValue::Concat(_) => None,
        }) {
            let tuple = self.below[child].as_ref().and_then(|read| {
                let links = read.join.as_ref().map_or(&read.links, |(links, _)| links);
                links.of_row(row)
            });
            out.extend_from_slice(tuple.and_then(|tuple| self.keys[child].get(tuple)).unwrap_or_default());
        }
        Ok(())
    }

    /// What each tuple shows: the value of its rows; behind a join table its one row, or nothing at all.
    /// `rendered` holds what is known already.
    fn level(
        &self,
        node: usize,
        read: &LevelRows,
        mut rendered: Rendered,
        shared: &RowCache,
        count: &Count,
    ) -> std::result::Result<Rendered, Halt> {
        let level = &self.layout.levels[node];
        let many = read.join.is_none() && level.shape.is_many();
        let before = rendered.bytes();
        rendered.values.resize(read.links.len(), None);
        // JSON is seldom shorter than the values in it.
        rendered.bytes.reserve(read.found.rows.value_bytes());
        // What is kept for later documents is there twice.
        let copies = if level.shared { 2 } else { 1 };
        let mut fresh = Vec::new();
        let mut groups = Groups::new(&read.found);
        for tuple in 0..read.links.len() {
            if rendered.values[tuple].is_some() {
                continue;
            }
            let start = rendered.bytes.len();
            for (number, position) in groups.next(tuple).enumerate() {
                if many {
                    rendered.bytes.push(if number == 0 { b'[' } else { b',' });
                } else if number > 0 {
                    break;
                }
                self.row(node, &read.found.rows, read.found.row(position), 1, &mut rendered.bytes)?;
                count.check((rendered.bytes() - before) * copies)?;
            }
            if rendered.bytes.len() > start && many {
                rendered.bytes.push(b']');
            } else if rendered.bytes.len() == start && read.join.is_none() {
                rendered.bytes.extend_from_slice(&level.nothing);
            }
            rendered.values[tuple] = Some(start..rendered.bytes.len());
            fresh.push(tuple);
        }
        if level.shared {
            shared.keep(node, &read.links, &rendered, &fresh);
        }
        count.add((rendered.bytes() - before) * copies);
        Ok(rendered)
    }

    fn row(&self, node: usize, rows: &Rows, row: usize, offset: usize, out: &mut Vec<u8>) -> Result<()> {
        let level = &self.layout.levels[node];
        let object = !level.shape.is_scalar();
        if level.transformed {
            return self.transformed_row(level, rows, (row, offset), out);
        }
        for member in &level.members {
            if object {
                out.extend_from_slice(&member.prefix);
            }
            self.value(level, member, rows, (row, offset), out)?;
        }
        match (object, level.members.is_empty()) {
            (true, true) => out.extend_from_slice(b"{}"),
            (true, false) => out.push(b'}'),
            (false, true) => out.extend_from_slice(b"null"),
            (false, false) => {}
        }
        Ok(())
    }

    /// As [`Assembler::row`], where values are rewritten, or put together of others.
    fn transformed_row(&self, level: &Level, rows: &Rows, at: (usize, usize), out: &mut Vec<u8>) -> Result<()> {
        let object = !level.shape.is_scalar();
        // Where each field's value stands. What is hidden stands before the object until that is complete.
        let mut fields = vec![0..0; level.members.len()];
        let start = out.len();
        for hidden in [true, false] {
            let shown = out.len();
            for (position, member) in level.members.iter().enumerate().filter(|(_, member)| member.hidden == hidden) {
                if object && !hidden {
                    out.extend_from_slice(&member.prefix);
                }
                let begin = out.len();
                match member.value {
                    FieldValue::Concat(concat) => rewrite::concat(&level.concats[concat], &fields, out),
                    _ => self.value(level, member, rows, at, out)?,
                }
                if let Some(rule) = &member.rewrite {
                    let json = out.split_off(begin);
                    rewrite::rewrite(rule, &json, out);
                }
                fields[position] = begin..out.len();
            }
            if !hidden {
                out.extend_from_slice(if object { b"}" } else { b"" });
                out.drain(start..shown);
            }
        }
        Ok(())
    }

    /// What a row or its children show in a field.
    #[inline]
    fn value(
        &self,
        level: &Level,
        member: &Member,
        rows: &Rows,
        (row, offset): (usize, usize),
        out: &mut Vec<u8>,
    ) -> Result<()> {
        match member.value {
            FieldValue::Select(position) => {
                render::json(level.cells[position], rows.value(row, offset + position), out)
                    .map_err(|Malformed| level.malformed("a value"))?;
            }
            FieldValue::Child(NodeId(child)) if member.flat => out.extend_from_slice(within(self.child(child, row))),
            FieldValue::Child(NodeId(child)) => out.extend_from_slice(self.child(child, row)),
            // Only transformed rows have one.
            FieldValue::Concat(_) => {}
        }
        Ok(())
    }

    /// What a parent's row shows of a child.
    fn child(&self, child: usize, parent_row: usize) -> &[u8] {
        let tuple = self.below[child].as_ref().and_then(|read| {
            let links = read.join.as_ref().map_or(&read.links, |(links, _)| links);
            links.of_row(parent_row)
        });
        tuple.and_then(|tuple| self.rendered[child].get(tuple)).unwrap_or(&self.layout.levels[child].nothing)
    }
}

/// What each parent's link shows, put together from what the join rows lead to.
fn join_up(
    (links, found): &(LinkKeys, GroupedRows),
    children: &LinkKeys,
    rendered: &Rendered,
    nothing: &[u8],
    count: &Count,
) -> std::result::Result<Rendered, Halt> {
    let mut joined = Rendered::default();
    let mut groups = Groups::new(found);
    for tuple in 0..links.len() {
        let start = joined.bytes.len();
        for position in groups.next(tuple) {
            // A join row whose child is not there leads to nothing.
            let child = children
                .of_row(found.row(position))
                .and_then(|tuple| rendered.get(tuple))
                .filter(|json| !json.is_empty());
            if let Some(child) = child {
                joined.bytes.push(if joined.bytes.len() == start { b'[' } else { b',' });
                joined.bytes.extend_from_slice(child);
                count.check(joined.bytes())?;
            }
        }
        joined.bytes.extend_from_slice(if joined.bytes.len() == start { nothing } else { b"]" });
        joined.values.push(Some(start..joined.bytes.len()));
    }
    count.add(joined.bytes());
    Ok(joined)
}
