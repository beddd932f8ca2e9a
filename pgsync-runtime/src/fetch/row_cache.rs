//! Rendered rows that several documents show: publishers of books, authors, readers. In: the link value a row was found
//! by, and its JSON. Out: the same JSON for the next document that asks for the same bytes, whoever reads it.
//!
//! A load writes every range at one version, and whatever commits after that version comes again in the stream. So a row
//! that an earlier range read is as good as one read now, and one of these lives as long as a load does. A document of the
//! stream is of one snapshot: there it lives no longer than that. It must never outlive the version of the writes.
//! What a load has read of a small table as a whole is kept until it ends; the rest makes room when there is none.

use super::assemble::Rendered;
use super::budget::{Count, Halt};
use super::distinct::Distinct;
use super::links::LinkKeys;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of values and their JSON that are kept; beyond, all of it is forgotten that is not of a whole table.
const LIMIT: usize = 18 << 20;
/// Bytes that whole tables may take of it; and the most that one may take on disk.
pub(super) const WHOLE: usize = 16 << 20;

/// What is known of the levels of one document. A clone is the same.
#[derive(Debug, Default, Clone)]
pub struct RowCache(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    levels: Vec<Level>,
    /// Bytes of whole tables.
    whole: usize,
    /// Bytes of the other levels.
    others: usize,
}

#[derive(Debug, Default)]
struct Level {
    /// Whether a whole table is kept.
    whole: bool,
    bytes: usize,
    links: Distinct,
    json: Vec<u8>,
    /// Where the JSON of each link value ends.
    ends: Vec<usize>,
}

impl RowCache {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What link values of a level show, as far as it is known, and which of them are not.
    pub(crate) fn recall(&self, level: usize, links: &LinkKeys, count: &Count) -> Result<(Rendered, Vec<usize>), Halt> {
        let known = self.known();
        let mut recalled = Rendered::default();
        let mut unknown = Vec::new();
        for tuple in 0..links.len() {
            let json = known.levels.get(level).and_then(|level| level.get(links.tuple(tuple)));
            if json.is_none() {
                unknown.push(tuple);
            }
            recalled.push(json);
            count.check(recalled.bytes())?;
        }
        count.add(recalled.bytes());
        Ok((recalled, unknown))
    }

    /// What is kept of this level from now on is a whole table, and not forgotten.
    pub(crate) fn keep_whole(&self, level: usize) {
        self.known().set_whole(level);
    }

    /// Keeps what these link values of a level show.
    pub(crate) fn keep(&self, level: usize, links: &LinkKeys, rendered: &Rendered, tuples: &[usize]) {
        let mut known = self.known();
        for &tuple in tuples {
            if let Some(json) = rendered.get(tuple) {
                known.insert(level, links.tuple(tuple), json);
            }
        }
    }
}

impl Known {
    fn level(&mut self, level: usize) -> &mut Level {
        if self.levels.len() <= level {
            self.levels.resize_with(level + 1, Level::default);
        }
        &mut self.levels[level]
    }

    fn set_whole(&mut self, level: usize) {
        let of = self.level(level);
        if !std::mem::replace(&mut of.whole, true) {
            let bytes = of.bytes;
            self.others -= bytes;
            self.whole += bytes;
        }
    }

    fn insert(&mut self, level: usize, link: &[u8], json: &[u8]) {
        // Numbers and hashes take room too.
        let size = link.len() + json.len() + 32;
        let is_whole = self.level(level).whole;
        if is_whole && self.whole + size > WHOLE {
            return;
        }
        if size > LIMIT - self.whole {
            return;
        }
        if self.whole + self.others + size > LIMIT {
            self.levels.iter_mut().filter(|level| !level.whole).for_each(|level| *level = Level::default());
            self.others = 0;
        }
        let level = &mut self.levels[level];
        let added = level.links.insert(|out| {
            out.extend_from_slice(link);
            Ok::<(), Infallible>(())
        });
        if let Ok((_, true)) = added {
            level.json.extend_from_slice(json);
            level.ends.push(level.json.len());
            level.bytes += size;
            *(if is_whole { &mut self.whole } else { &mut self.others }) += size;
        }
    }
}

impl Level {
    /// What a link value shows; empty where it has no row.
    fn get(&self, link: &[u8]) -> Option<&[u8]> {
        let number = self.links.find(link)?;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.json[start..self.ends[number]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let mut known = Known::default();
        known.insert(2, b"a", b"{}");
        known.insert(2, b"b", b"");
        known.insert(2, b"a", b"another");
        assert_eq!((known.levels[2].get(b"a"), known.levels[2].get(b"b")), (Some(&b"{}"[..]), Some(&b""[..])));
        assert_eq!((known.levels[1].get(b"a"), known.levels[2].get(b"c")), (None, None));
        let fill = |known: &mut Known, level: usize| {
            for number in 0..40_u32 {
                known.insert(level, &number.to_be_bytes(), &vec![b' '; LIMIT / 20]);
                assert!(known.whole <= WHOLE && known.whole + known.others <= LIMIT);
                let of = |whole| known.levels.iter().filter(|of| of.whole == whole).map(|of| of.bytes).sum::<usize>();
                assert_eq!((known.whole, known.others), (of(true), of(false)));
            }
        };
        fill(&mut known, 1);
        assert!(known.levels[2].get(b"a").is_none());
        assert!(known.levels[1].get(&39_u32.to_be_bytes()).is_some());
        // A whole table stays, as far as there is room for it.
        known.set_whole(3);
        known.insert(3, b"a", b"{}");
        fill(&mut known, 1);
        assert_eq!(known.levels[3].get(b"a"), Some(&b"{}"[..]));
        fill(&mut known, 3);
        assert_eq!(known.levels[3].get(b"a"), Some(&b"{}"[..]));
        assert!(known.levels[3].get(&39_u32.to_be_bytes()).is_none());
    }
}
