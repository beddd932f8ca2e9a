//! What bootstrap leaves behind so that teardown can undo it: the replica identities it replaced, in the comment of the
//! publication. In and out: that comment's text.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The comment of a publication of ours.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// Replaced identities by `"schema"."name"`: what follows `REPLICA IDENTITY`.
    #[serde(rename = "pgsync_replaced_replica_identities")]
    pub replaced: BTreeMap<String, String>,
}

impl Memory {
    /// Reads a comment. `None`: the publication is not one of ours.
    pub(crate) fn parse(comment: Option<&str>) -> Option<Self> {
        serde_json::from_str(comment?).ok()
    }

    /// The comment's text.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).expect("a map of strings")
    }
}
