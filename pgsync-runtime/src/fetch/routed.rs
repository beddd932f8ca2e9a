//! What a document is found by when a foreign key has changed its rows and no log says so: the values of the key in the rows
//! that it shows. In: values of rows, gathered from the leaves up. Out: a field with each of them once, and the same words made
//! of the values that a log gives.
//!
//! The field is searched and never shown. In every document there is one word more: a document without it was written by
//! something that does not know of the field, and may show any row.

use super::layout::Level;
use super::render::{self, Malformed};
use super::rows::Rows;
use pgsync_plan::{Codec, IndexRoute, ROUTED, ROUTED_FIELD};
use std::io::Write as _;

/// Records of this number and above are of a route; those below are of `_meta`.
const FIRST: u32 = 1 << 31;

/// The values of a route in a row.
#[derive(Debug, Clone)]
pub(crate) struct RoutedCell {
    route: u32,
    positions: Vec<usize>,
    codecs: Vec<Codec>,
}

/// Tells each level which of its values documents are found by.
pub(super) fn place(routes: &[IndexRoute], levels: &mut [Level]) {
    for (number, route) in (0_u32..).zip(routes) {
        for place in &route.places {
            let Some(level) = levels.get_mut(place.node.0) else { continue };
            let cells = if place.apart { &mut level.routed_join } else { &mut level.routed };
            cells.push(RoutedCell { route: number, positions: place.positions.clone(), codecs: place.codecs.clone() });
        }
    }
}

impl RoutedCell {
    /// Appends the values of a row, unless one of them is NULL: then it refers to nothing.
    pub(super) fn record(
        &self,
        rows: &Rows,
        (row, offset): (usize, usize),
        out: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        let before = out.len();
        out.extend_from_slice(&(FIRST + self.route).to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        let start = out.len();
        for (number, (position, codec)) in self.positions.iter().zip(&self.codecs).enumerate() {
            let Some(value) = rows.value(row, offset + position) else {
                out.truncate(before);
                return Ok(());
            };
            if number > 0 {
                out.push(b',');
            }
            render::json(*codec, Some(value), out)?;
        }
        let length = (out.len() - start) as u32;
        out[start - 4..start].copy_from_slice(&length.to_le_bytes());
        Ok(())
    }
}

/// Appends the member of a document, after others, of what [`RoutedCell::record`] has gathered.
pub(super) fn member(mut records: &[u8], first: bool, out: &mut Vec<u8>) {
    let mut words: Vec<(u32, &[u8])> = Vec::new();
    while let Some((name, rest)) = records.split_first_chunk::<4>() {
        let Some((length, rest)) = rest.split_first_chunk::<4>() else { break };
        let Some((values, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize) else { break };
        let name = u32::from_le_bytes(*name);
        if let Some(route) = name.checked_sub(FIRST) {
            words.push((route, values));
        }
        records = rest;
    }
    words.sort_unstable();
    words.dedup();
    // Writing to a vector cannot fail.
    let comma = if first { "" } else { "," };
    let _ = write!(out, "{comma}\"{ROUTED_FIELD}\":[\"{ROUTED}\"");
    for (route, values) in words {
        let _ = write!(out, ",\"{route}:");
        out.extend_from_slice(values);
        out.push(b'"');
    }
    out.push(b']');
}

/// The word of a route for values as the stream gives them; `None` where they are not whole numbers.
#[cfg(any(feature = "mysql", test))]
pub(crate) fn word<'a>(route: usize, values: impl IntoIterator<Item = &'a [u8]>) -> Option<String> {
    let mut word = format!("{route}:");
    for (number, value) in values.into_iter().enumerate() {
        // In one spelling.
        let value: i128 = std::str::from_utf8(value).ok()?.parse().ok()?;
        word.push_str(if number > 0 { "," } else { "" });
        word.push_str(&value.to_string());
    }
    Some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_stands_once_and_the_log_says_the_same() {
        let mut records = Vec::new();
        let mut add = |name: u32, values: &str| {
            records.extend_from_slice(&name.to_le_bytes());
            records.extend_from_slice(&(values.len() as u32).to_le_bytes());
            records.extend_from_slice(values.as_bytes());
        };
        add(FIRST + 1, "7,-2");
        add(3, "of _meta");
        add(FIRST, "10");
        add(FIRST + 1, "7,-2");
        let mut out = b"{\"a\":1".to_vec();
        member(&records, false, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"a":1,"_cascades":["+","0:10","1:7,-2"]"#);
        assert_eq!(word(1, [b"7".as_slice(), b"-2"]).as_deref(), Some("1:7,-2"));
        assert_eq!(word(0, [b"0010".as_slice()]).as_deref(), Some("0:10"));
        assert_eq!(word(0, [b"2020-01-01".as_slice()]), None);
    }
}
