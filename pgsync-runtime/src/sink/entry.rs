//! What stands in the quarantine for a refused document. In: the refusal. Out: an entry, which never holds the document's
//! body or a value of its row.

use super::Refused;
use crate::error::printable;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A refused document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Slot that feeds its index.
    pub slot: String,
    /// Name of the index.
    pub index: String,
    /// The generation that refused it.
    pub generation: String,
    /// uuid of that generation.
    pub index_uuid: String,
    /// `_id` of the document.
    pub id: String,
    /// Its root table.
    pub table: String,
    /// The type of the engine's error, or `id_length` or `too_large`.
    pub reason_type: String,
    /// The reason in words, without values of the row.
    pub reason: String,
    /// The version it was last refused at.
    pub version: u64,
    /// Its size then.
    pub bytes: u64,
    /// When it was first refused.
    pub first_seen: String,
    /// When it was last refused.
    pub last_seen: String,
}

impl Entry {
    /// Of a document that was refused now.
    pub(crate) fn of(refused: &Refused, place: &Place, first_seen: Option<String>) -> Self {
        let now = now();
        Self {
            slot: place.slot.clone(),
            index: place.index.clone(),
            generation: place.generation.clone(),
            index_uuid: place.index_uuid.clone(),
            id: refused.id.clone(),
            table: place.table.clone(),
            reason_type: printable(&refused.kind).into_owned(),
            reason: printable(&refused.reason).into_owned(),
            version: refused.version.0,
            bytes: refused.bytes as u64,
            first_seen: first_seen.unwrap_or_else(|| now.clone()),
            last_seen: now,
        }
    }

    /// What the entry is called: the same for the same document of the same generation.
    pub fn name(&self) -> String {
        name([&self.slot, &self.index, &self.index_uuid, &self.id])
    }
}

/// A moment as entries have it: `2026-01-31T12:00:00.123456Z`.
pub(crate) fn now() -> String {
    use crate::fetch::render::time::{Fraction, timestamp};
    /// Seconds from 1970 to 2000, where PostgreSQL's clock begins.
    const EPOCH: i64 = 946_684_800;
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX - 1).saturating_sub(EPOCH * 1_000_000);
    let mut out = Vec::new();
    timestamp(micros.to_be_bytes(), b'T', Fraction::Six, b"Z", &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// What the entries of one generation have in common.
#[derive(Debug, Clone)]
pub struct Place {
    /// The slot that feeds the index.
    pub slot: String,
    /// Name of the index.
    pub index: String,
    /// Physical name of the generation.
    pub generation: String,
    /// uuid of that generation.
    pub index_uuid: String,
    /// The root table.
    pub table: String,
}

impl Place {
    /// What the entry of a document is called.
    pub(crate) fn entry(&self, id: &str) -> String {
        name([&self.slot, &self.index, &self.index_uuid, id])
    }
}

fn name(parts: [&str; 4]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).fold(String::new(), |mut name, byte| {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Version;

    #[test]
    fn a_moment_is_written_as_engines_read_it() {
        let now = now();
        assert!(now.len() == 27 && now.starts_with("20") && now.ends_with('Z') && now.as_bytes()[10] == b'T', "{now}");
    }

    #[test]
    fn an_entry_has_one_name_per_document_and_generation() {
        let refused = Refused {
            routing: String::new(),
            id: "1".to_owned(),
            version: Version(7),
            kind: "k".to_owned(),
            reason: "r\u{1b}".to_owned(),
            bytes: 3,
        };
        let place = Place {
            slot: "s".to_owned(),
            index: "i".to_owned(),
            generation: "i-1".to_owned(),
            index_uuid: "u".to_owned(),
            table: "t".to_owned(),
        };
        let one = Entry::of(&refused, &place, None);
        let again = Entry::of(&Refused { version: Version(9), ..refused.clone() }, &place, None);
        let other = Entry::of(&refused, &Place { index_uuid: "v".to_owned(), ..place }, None);
        assert_eq!(one.name(), again.name());
        assert_ne!(one.name(), other.name());
        assert_eq!((one.name().len(), one.reason.as_str()), (16, "r\\u{1b}"));
    }
}
