//! `_meta`: which rows a document shows, by their keys. In: values of rows, gathered from the leaves up. Out: the object that
//! PGSync's documents have: `{"TABLE": {"COLUMN": [...]}}`, each value once, in rising order. A table without rows is not
//! in it.

use super::id;
use super::layout::Level;
use super::render::{self, Malformed, text};
use pgsync_plan::{Codec, MetaKey};
use std::cmp::Ordering;
use std::str::FromStr;

/// A value of a row that is listed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MetaCell {
    /// Behind the ordinal.
    pub(crate) position: usize,
    codec: Codec,
    /// The column in [`MetaNames`].
    name: u32,
}

impl MetaCell {
    /// Appends the value: which column it is of, how long it is, its JSON. The root's is a text, as in its `_id`.
    pub(super) fn record(&self, root: bool, value: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        if value.is_none() {
            return Ok(());
        }
        out.extend_from_slice(&self.name.to_le_bytes());
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        if root {
            let mut plain = Vec::new();
            id::part(self.codec, false, value, &mut plain)?;
            text::string(&plain, out);
        } else {
            render::json(self.codec, value, out)?;
        }
        let length = (out.len() - start - 4) as u32;
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        Ok(())
    }
}

/// Tables, and columns of each, in the order in which they are written.
#[derive(Debug, Default)]
pub(crate) struct MetaNames(Vec<(String, Vec<(String, u32)>)>);

impl MetaNames {
    /// Tells each level which of its values are listed.
    pub(super) fn new(keys: &[MetaKey], levels: &mut [Level]) -> Self {
        let mut names = Self::default();
        let mut next = 0;
        for key in keys {
            let name = names.find(&key.table, &key.column, &mut next);
            if let Some(level) = levels.get_mut(key.node.0) {
                level.meta.push(MetaCell { position: key.position, codec: key.codec, name });
            }
        }
        names
    }

    fn find(&mut self, table: &str, column: &str, next: &mut u32) -> u32 {
        let place = self.0.iter().position(|(name, _)| name == table).unwrap_or_else(|| {
            self.0.push((table.to_owned(), Vec::new()));
            self.0.len() - 1
        });
        let columns = &mut self.0[place].1;
        if let Some((_, known)) = columns.iter().find(|(name, _)| name == column) {
            return *known;
        }
        columns.push((column.to_owned(), *next));
        *next += 1;
        *next - 1
    }

    /// Whether nothing is listed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the object of what [`MetaCell::record`] has gathered.
    pub(super) fn json(&self, mut records: &[u8], out: &mut Vec<u8>) {
        let mut values: Vec<(u32, &[u8])> = Vec::new();
        while let Some((name, rest)) = records.split_first_chunk::<4>() {
            let Some((length, rest)) = rest.split_first_chunk::<4>() else { break };
            let Some((json, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize) else { break };
            values.push((u32::from_le_bytes(*name), json));
            records = rest;
        }
        values.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| compare(a.1, b.1)));
        values.dedup();
        out.push(b'{');
        let mut tables = 0;
        for (table, columns) in &self.0 {
            let mut listed = 0;
            for (column, name) in columns {
                let start = values.partition_point(|(of, _)| of < name);
                let end = values.partition_point(|(of, _)| of <= name);
                if start == end {
                    continue;
                }
                if listed == 0 {
                    if tables > 0 {
                        out.push(b',');
                    }
                    text::string(table.as_bytes(), out);
                    out.extend_from_slice(b":{");
                } else {
                    out.push(b',');
                }
                listed += 1;
                text::string(column.as_bytes(), out);
                out.push(b':');
                for (position, (_, json)) in values[start..end].iter().enumerate() {
                    out.push(if position == 0 { b'[' } else { b',' });
                    out.extend_from_slice(json);
                }
                out.push(b']');
            }
            if listed > 0 {
                out.push(b'}');
                tables += 1;
            }
        }
        out.push(b'}');
    }
}

/// Numbers by their size, everything else by its letters.
fn compare(a: &[u8], b: &[u8]) -> Ordering {
    if let (Some(a), Some(b)) = (number::<i128>(a), number(b)) {
        return a.cmp(&b);
    }
    match (number::<f64>(a), number::<f64>(b)) {
        (Some(left), Some(right)) => left.total_cmp(&right).then_with(|| a.cmp(b)),
        _ => a.cmp(b),
    }
}

fn number<N: FromStr>(json: &[u8]) -> Option<N> {
    std::str::from_utf8(json).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pgsync_plan::NodeId;

    fn names() -> MetaNames {
        let key = |table: &str, column: &str| MetaKey {
            node: NodeId(9),
            table: table.to_owned(),
            column: column.to_owned(),
            position: 0,
            codec: Codec::Int4,
        };
        MetaNames::new(&[key("a", "x"), key("b", "y"), key("a", "z"), key("c", "x")], &mut [])
    }

    fn json(records: &[(u32, Option<i32>)]) -> String {
        let mut gathered = Vec::new();
        for (name, value) in records {
            let cell = MetaCell { position: 0, codec: Codec::Int4, name: *name };
            let bytes = value.map(i32::to_be_bytes);
            cell.record(false, bytes.as_ref().map(<[u8; 4]>::as_slice), &mut gathered).unwrap();
        }
        let mut out = Vec::new();
        names().json(&gathered, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_value_stands_once_in_order_under_its_table() {
        let records = [(2, Some(7)), (0, Some(10)), (0, Some(9)), (0, Some(-1)), (0, Some(9)), (1, None), (3, Some(1))];
        assert_eq!(json(&records), r#"{"a":{"x":[-1,9,10],"z":[7]},"c":{"x":[1]}}"#);
        assert_eq!(json(&[]), "{}");
    }

    #[test]
    fn the_key_of_the_root_is_a_text() {
        let mut gathered = Vec::new();
        let cell = MetaCell { position: 0, codec: Codec::Int4, name: 0 };
        cell.record(true, Some(&5_i32.to_be_bytes()), &mut gathered).unwrap();
        let mut out = Vec::new();
        names().json(&gathered, &mut out);
        assert_eq!(out, br#"{"a":{"x":["5"]}}"#);
    }

    #[test]
    fn numbers_are_in_order_of_their_size() {
        assert_eq!(compare(b"10", b"9"), Ordering::Greater);
        assert_eq!(compare(b"1.5", b"1.25"), Ordering::Greater);
        assert_eq!(compare(b"170141183460469231731687303715884105728", b"2"), Ordering::Greater);
        assert_eq!(compare(b"\"b\"", b"\"a\""), Ordering::Greater);
    }
}
