//! A run of whole transactions, collapsed. In: link values and keys of changed rows. Out: distinct values per route and
//! document. Only *values* are collapsed, never events to their net effect: a value that a row had for a moment may
//! already have been read into a document by an earlier, later-looking read.

use crate::Lsn;
use crate::fetch::KeySet;
use pgsync_plan::{Program, RouteKind};
use std::time::SystemTime;

/// Above this many bytes of distinct values for one document, reading all its roots in ranges is cheaper and bounded.
const LIMIT_BYTES: usize = 64 << 20;

/// What has to be read and written again after some transactions.
#[derive(Debug)]
pub(super) struct Batch {
    /// Per document of the program.
    pub documents: Vec<Concern>,
    /// Top-level transaction ids that changed something of concern, as the stream carries them.
    pub xids: Vec<u32>,
    /// The version that the writes carry: the position of the last transaction.
    pub version: Lsn,
    /// End of the last transaction: what is acknowledged once everything is written.
    pub end: Lsn,
    /// Transactions taken in.
    pub transactions: u64,
    /// Row changes taken in.
    pub changes: u64,
    /// Commit time of the oldest transaction that concerns a document.
    pub oldest: Option<SystemTime>,
    /// Tables that were truncated, by position in the plan.
    pub truncated: Vec<usize>,
    /// Whether the transaction that is arriving has changed something of concern.
    touched: bool,
}

/// What concerns one document.
#[derive(Debug)]
pub(super) struct Concern {
    /// Keys of roots that changed themselves.
    pub roots: KeySet,
    /// Link values per route, in the order of the document's routes.
    pub links: Vec<KeySet>,
    /// All roots have to be read again, and what the index holds besides them removed.
    pub everything: bool,
}

impl Batch {
    /// An empty one.
    pub(super) fn new(program: &Program) -> Self {
        let documents = program.plan.documents.iter().map(|document| Concern {
            roots: KeySet::new(document.root().key.len()),
            links: document.routes.iter().map(|route| KeySet::new(route.link.len())).collect(),
            everything: false,
        });
        Self {
            documents: documents.collect(),
            xids: Vec::new(),
            version: Lsn::ZERO,
            end: Lsn::ZERO,
            transactions: 0,
            changes: 0,
            oldest: None,
            truncated: Vec::new(),
            touched: false,
        }
    }

    /// Ends a transaction. Its id is kept only where it changed something of concern: nobody has to wait for the others.
    pub(super) fn commit(&mut self, xid: u32, committed_at: SystemTime, commit_lsn: Lsn, end_lsn: Lsn) {
        if std::mem::take(&mut self.touched) {
            self.xids.push(xid);
            self.version = Lsn::of_commit(commit_lsn);
            self.oldest.get_or_insert(committed_at);
        }
        self.transactions += 1;
        self.end = self.end.max(end_lsn);
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
        if set.insert(values) && set.bytes() > LIMIT_BYTES {
            self.everything(document);
        }
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

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        let sets = self.documents.iter().flat_map(|concern| concern.links.iter().chain([&concern.roots]));
        sets.map(KeySet::bytes).sum()
    }
}

impl Concern {
    /// Whether nothing is to be done for the document.
    pub(super) fn is_idle(&self) -> bool {
        !self.everything && self.roots.is_empty() && self.links.iter().all(KeySet::is_empty)
    }
}
