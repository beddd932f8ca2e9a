//! Rendered rows that several documents show: publishers of books, authors, readers. In: the link value a row was found
//! by, and its JSON. Out: the same JSON for the next document that asks for the same bytes.
//!
//! A load writes every range at one version, and whatever commits after that version comes again in the stream. So a row
//! that an earlier range read is as good as one read now, and one of these lives as long as a load does. A document of the
//! stream is of one snapshot: there it lives no longer than that. It must never outlive the version of the writes.

use super::distinct::Distinct;
use std::ops::Range;

/// Bytes of values and their JSON that are kept; beyond, all of it is forgotten.
const LIMIT: usize = 3 << 20;

/// What is known of the levels of one document.
#[derive(Debug, Default)]
pub struct Shared {
    levels: Vec<Rendered>,
    bytes: usize,
}

#[derive(Debug, Default)]
struct Rendered {
    links: Distinct,
    bytes: Vec<u8>,
    values: Vec<Range<usize>>,
}

impl Shared {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a link value of a level shows; empty where it has no row.
    pub(crate) fn get(&self, level: usize, link: &[u8]) -> Option<&[u8]> {
        let level = self.levels.get(level)?;
        let number = level.links.find(link)?;
        Some(&level.bytes[level.values[number].clone()])
    }

    /// Keeps it.
    pub(crate) fn insert(&mut self, level: usize, link: &[u8], json: &[u8]) {
        // Numbers and hashes take room too.
        let size = link.len() + json.len() + 48;
        if self.bytes + size > LIMIT {
            *self = Self::default();
        }
        if self.levels.len() <= level {
            self.levels.resize_with(level + 1, Rendered::default);
        }
        let level = &mut self.levels[level];
        let added = level.links.insert(|out| {
            out.extend_from_slice(link);
            Ok::<(), std::convert::Infallible>(())
        });
        if let Ok((_, true)) = added {
            let start = level.bytes.len();
            level.bytes.extend_from_slice(json);
            level.values.push(start..level.bytes.len());
            self.bytes += size;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let mut shared = Shared::new();
        shared.insert(2, b"a", b"{}");
        shared.insert(2, b"b", b"");
        assert_eq!((shared.get(2, b"a"), shared.get(2, b"b")), (Some(&b"{}"[..]), Some(&b""[..])));
        assert_eq!((shared.get(1, b"a"), shared.get(2, b"c")), (None, None));
        for number in 0..40_u32 {
            shared.insert(1, &number.to_be_bytes(), &vec![b' '; LIMIT / 20]);
            assert!(shared.bytes <= LIMIT);
        }
        assert_eq!(shared.get(2, b"a"), None);
        assert!(shared.get(1, &39_u32.to_be_bytes()).is_some());
    }
}
