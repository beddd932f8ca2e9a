//! A run of transactions, collapsed. In: link values and keys of changed rows. Out: distinct values per route and
//! document. Only *values* are collapsed, never events to their net effect: a value that a row had for a moment may
//! already have been read into a document by an earlier, later-looking read.

use super::drift::Leaf;
use crate::fetch::KeySet;
use crate::source::{Transaction, TransactionId};
use crate::{Mark, Version};
use pgsync_plan::{Program, RouteKind};
use std::collections::BTreeSet;
use std::time::SystemTime;

/// More words than this are not searched for: reading everything costs less then.
const MOST_WORDS: usize = 20_000;

/// What has to be read and written again after some transactions. The last of them may be incomplete: a transaction too
/// large for memory comes in pieces, each read after all of it is visible and written at its position.
#[derive(Debug)]
pub(super) struct Batch {
    /// Per document of the program.
    pub documents: Vec<DocumentChanges>,
    /// Transactions that changed something of concern.
    pub transactions: Vec<TransactionId>,
    /// The version that the writes carry: the position of the last transaction.
    pub version: Version,
    /// End of the last whole transaction: what is acknowledged once everything is written.
    pub end: Mark,
    /// Commit time of the oldest transaction that concerns a document.
    pub oldest: Option<SystemTime>,
    /// Tables that were truncated, by position in the plan.
    pub truncated: Vec<usize>,
    /// Leaves that joined a partitioned table, each to be read through the routes of that table.
    pub leaves: Vec<Leaf>,
    /// Bytes of all values.
    bytes: usize,
    /// Whether the transaction that is arriving has changed something of concern.
    touched: bool,
}

/// What one document has to be read again for.
#[derive(Debug)]
pub(super) struct DocumentChanges {
    /// Keys of roots that changed themselves.
    pub roots: KeySet,
    /// Link values per route, in the order of the document's routes.
    pub links: Vec<KeySet>,
    /// Words by which the index finds documents that have to be read again.
    pub words: BTreeSet<String>,
    /// All roots have to be read again, and what the index holds besides them removed.
    pub everything: bool,
}

impl Batch {
    /// An empty one, behind everything up to `end`.
    pub(super) fn new(program: &Program, end: Mark) -> Self {
        let documents = program.plan.documents.iter().map(|document| DocumentChanges {
            roots: KeySet::new(document.address().len()),
            links: document.routes.iter().map(|route| KeySet::new(route.link.len())).collect(),
            words: BTreeSet::new(),
            everything: false,
        });
        Self {
            documents: documents.collect(),
            transactions: Vec::new(),
            version: Version::default(),
            end,
            oldest: None,
            truncated: Vec::new(),
            leaves: Vec::new(),
            bytes: 0,
            touched: false,
        }
    }

    /// Ends a transaction.
    pub(super) fn commit(&mut self, transaction: Transaction, end: Mark) {
        self.cut(transaction);
        self.idle(end);
    }

    /// Everything before a mark has been taken in.
    pub(super) fn idle(&mut self, end: Mark) {
        if end.position > self.end.position {
            self.end = end;
        }
    }

    /// Ends a piece of a transaction. Its id is kept only where the piece changed something of concern: nobody has to
    /// wait for the others.
    pub(super) fn cut(&mut self, transaction: Transaction) {
        if std::mem::take(&mut self.touched) {
            self.transactions.push(transaction.id);
            self.version = transaction.version;
            self.oldest.get_or_insert(transaction.committed_at);
        }
    }

    /// Adds a tuple of values for a route.
    pub(super) fn insert<'a>(
        &mut self,
        document: usize,
        route: usize,
        kind: RouteKind,
        values: impl IntoIterator<Item = &'a [u8]>,
    ) {
        self.touched = true;
        let concern = &mut self.documents[document];
        if concern.everything {
            return;
        }
        let set = if kind == RouteKind::Root { &mut concern.roots } else { &mut concern.links[route] };
        let before = set.bytes();
        set.insert(values);
        self.bytes += set.bytes() - before;
    }

    /// Adds a leaf that the stream has described: a transaction that is arriving changes it.
    pub(super) fn leaf(&mut self, leaf: Leaf) {
        self.touched = true;
        self.leaves.push(leaf);
    }

    /// Adds a leaf that was found between two transactions. Everything before the end was delivered: that is the version
    /// to write at, and it is above every version a document can have from before the leaf was there.
    pub(super) fn leaf_between(&mut self, leaf: Leaf) {
        self.version = self.version.max(self.end.version);
        self.leaves.push(leaf);
    }

    /// Adds a word by which the index finds documents. Where there are too many, all are read again.
    pub(super) fn word(&mut self, document: usize, word: &str) {
        self.touched = true;
        let concern = &mut self.documents[document];
        if concern.everything || concern.words.contains(word) {
            return;
        }
        if concern.words.len() >= MOST_WORDS {
            return self.everything(document);
        }
        concern.words.insert(word.to_owned());
        self.bytes += word.len() + size_of::<String>();
    }

    /// Marks a document to be read again as a whole.
    pub(super) fn everything(&mut self, document: usize) {
        self.touched = true;
        let concern = &mut self.documents[document];
        concern.everything = true;
        concern.words.clear();
        concern.roots = KeySet::new(concern.roots.arity());
        for links in &mut concern.links {
            *links = KeySet::new(links.arity());
        }
    }

    /// Bytes taken in.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

impl DocumentChanges {
    /// Whether nothing is to be done for the document.
    pub(super) fn is_idle(&self) -> bool {
        !self.everything && self.words.is_empty() && self.roots.is_empty() && self.links.iter().all(KeySet::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Position;
    use crate::source::memory;
    use std::time::Duration;

    fn mark(at: u64) -> Mark {
        Mark { version: Version(at), position: Position::at(at) }
    }

    fn transaction(id: u32, version: u64) -> Transaction {
        let committed_at = SystemTime::UNIX_EPOCH + Duration::from_secs(id.into());
        Transaction { id: TransactionId(id), committed_at, version: Version(version) }
    }

    #[test]
    fn only_transactions_that_touch_something_are_waited_for() {
        let mut batch = Batch::new(memory::program(), mark(10));
        batch.commit(transaction(1, 11), mark(20));
        assert!(batch.transactions.is_empty() && batch.oldest.is_none());
        assert_eq!((batch.version, batch.end), (Version(0), mark(20)), "its end is behind it all the same");
        batch.insert(0, 0, RouteKind::Root, [b"1".as_slice()]);
        batch.commit(transaction(2, 21), mark(30));
        batch.commit(transaction(3, 31), mark(40));
        assert_eq!(batch.transactions, [TransactionId(2)]);
        assert_eq!((batch.version, batch.end), (Version(21), mark(40)));
        assert_eq!(batch.oldest, Some(transaction(2, 0).committed_at));
    }

    #[test]
    fn a_piece_of_a_transaction_does_not_move_the_end() {
        let mut batch = Batch::new(memory::program(), mark(10));
        batch.insert(0, 0, RouteKind::Root, [b"1".as_slice()]);
        batch.cut(transaction(1, 21));
        assert_eq!((batch.version, batch.end), (Version(21), mark(10)));
        let mut rest = Batch::new(memory::program(), batch.end);
        rest.insert(0, 0, RouteKind::Root, [b"2".as_slice()]);
        rest.commit(transaction(1, 21), mark(30));
        assert_eq!((rest.transactions.as_slice(), rest.end), ([TransactionId(1)].as_slice(), mark(30)));
    }

    #[test]
    fn values_are_collapsed_and_everything_takes_them_up() {
        let mut batch = Batch::new(memory::program(), mark(10));
        for value in [b"1".as_slice(), b"1", b"2"] {
            batch.insert(0, 0, RouteKind::Root, [value]);
        }
        assert_eq!(batch.documents[0].roots.len(), 2);
        batch.everything(0);
        batch.insert(0, 0, RouteKind::Root, [b"3".as_slice()]);
        let of = &batch.documents[0];
        assert!(of.everything && of.roots.is_empty() && !of.is_idle() && batch.documents[1].is_idle());
    }

    #[test]
    fn an_idle_position_never_goes_back() {
        let mut batch = Batch::new(memory::program(), mark(10));
        batch.idle(mark(30));
        batch.idle(mark(20));
        assert_eq!(batch.end, mark(30));
    }
}
