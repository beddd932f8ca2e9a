//! A run of transactions, collapsed. In: link values and keys of changed rows. Out: distinct values per route and
//! document. Only *values* are collapsed, never events to their net effect: a value that a row had for a moment may
//! already have been read into a document by an earlier, later-looking read.

use super::drift::Leaf;
use crate::fetch::KeySet;
use crate::source::{Transaction, TransactionId};
use crate::{Mark, Version};
use pgsync_plan::{Program, RouteKind};
use std::time::SystemTime;

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
    /// All roots have to be read again, and what the index holds besides them removed.
    pub everything: bool,
}

impl Batch {
    /// An empty one, behind everything up to `end`.
    pub(super) fn new(program: &Program, end: Mark) -> Self {
        let documents = program.plan.documents.iter().map(|document| DocumentChanges {
            roots: KeySet::new(document.root().key.len()),
            links: document.routes.iter().map(|route| KeySet::new(route.link.len())).collect(),
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

    /// Marks a document to be read again as a whole.
    pub(super) fn everything(&mut self, document: usize) {
        self.touched = true;
        let concern = &mut self.documents[document];
        concern.everything = true;
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
        !self.everything && self.roots.is_empty() && self.links.iter().all(KeySet::is_empty)
    }
}
