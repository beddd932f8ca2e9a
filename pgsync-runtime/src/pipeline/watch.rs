//! Notices changes of the tables that the stream does not carry: a rewrite by ALTER TABLE, an attached or detached
//! partition, a table that left the publication, a lost replica identity. In: marks of the live catalogue and the
//! position that is written. Out: the tables that are no longer what they were.
//!
//! A TRUNCATE changes a table's file too, and the stream does carry it, later. So a difference counts only once
//! everything up to the log's end at the moment of looking is written, and a table whose documents were read again
//! since is known by the marks taken just before that reading.

use crate::Lsn;
use crate::capture::Mark;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Marks of every table.
pub(crate) type Marks = BTreeMap<String, Mark>;

/// The watch that two stages share, also after a panic elsewhere.
pub(super) fn lock(look: &Mutex<Watch>) -> MutexGuard<'_, Watch> {
    look.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Compares what is with what was.
#[derive(Debug)]
pub(crate) struct Watch {
    /// What the documents were made from.
    known: Marks,
    /// What was seen, and the end of the log at that moment.
    seen: Option<(Marks, Lsn)>,
    /// Tables whose documents were read again since `seen`.
    renewed: BTreeSet<String>,
}

impl Watch {
    /// Begins from what the state remembers.
    pub(super) fn new(known: Marks) -> Self {
        Self { known, seen: None, renewed: BTreeSet::new() }
    }

    /// Whether another look is due.
    pub(super) fn is_idle(&self) -> bool {
        self.seen.is_none()
    }

    /// Takes in what the catalogue shows. `end` must have been asked for after `marks`.
    pub(super) fn look(&mut self, marks: Marks, end: Lsn) {
        if self.seen.is_none() {
            self.renewed.clear();
            self.seen = Some((marks, end));
        }
    }

    /// All documents with rows of these tables are about to be read again; `marks` were taken before.
    pub(super) fn renew(&mut self, tables: impl IntoIterator<Item = String>, marks: &Marks) {
        for table in tables {
            if let Some(mark) = marks.get(&table) {
                self.known.insert(table.clone(), mark.clone());
                self.renewed.insert(table);
            }
        }
    }

    /// Everything up to `position` is written.
    ///
    /// # Errors
    /// The tables that are not what they were.
    pub(super) fn written(&mut self, position: Lsn) -> Result<(), Vec<String>> {
        let Some((seen, _)) = self.seen.take_if(|(_, end)| position >= *end) else { return Ok(()) };
        let differs =
            |(table, mark): &(&String, &Mark)| self.known.get(*table) != Some(*mark) && !self.renewed.contains(*table);
        let spoilt: Vec<String> = seen.iter().filter(differs).map(|(table, _)| table.clone()).collect();
        if spoilt.is_empty() { Ok(()) } else { Err(spoilt) }
    }

    /// What the documents were made from.
    pub(super) fn known(&self) -> &Marks {
        &self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(filenode: u32) -> Marks {
        let relations = BTreeMap::from([("public.book".to_owned(), (1, filenode, true, Some(1)))]);
        Marks::from([("public.book".to_owned(), Mark { relations })])
    }

    #[test]
    fn a_rewrite_counts_once_the_log_is_written_up_to_it() {
        let mut watch = Watch::new(marks(10));
        watch.look(marks(11), Lsn(100));
        assert_eq!(watch.written(Lsn(99)), Ok(()));
        assert_eq!(watch.written(Lsn(100)), Err(vec!["public.book".to_owned()]));
    }

    #[test]
    fn a_table_read_again_is_known_by_its_later_marks() {
        let mut watch = Watch::new(marks(10));
        watch.look(marks(11), Lsn(100));
        watch.renew(["public.book".to_owned()], &marks(12));
        assert_eq!(watch.written(Lsn(120)), Ok(()));
        watch.look(marks(12), Lsn(130));
        assert_eq!(watch.written(Lsn(130)), Ok(()));
        watch.look(marks(13), Lsn(140));
        assert!(watch.written(Lsn(140)).is_err(), "a rewrite after the reading counts");
    }
}
