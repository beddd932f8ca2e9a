//! The decoder on logs that two real servers wrote, whole and damaged. `fixtures/README.md` says how they were recorded.

mod damage;
mod kinds;
mod transactions;

use super::*;
use crate::source::{Cell, RelationId, Tuple as _};

pub(super) const SHOP: &str = "shop";

/// A recorded log.
pub(super) struct Log {
    bytes: &'static [u8],
    pub(super) flavour: Flavour,
}

macro_rules! log {
    ($name:literal, $flavour:ident) => {
        $crate::source::mysql::binlog::tests::Log::new(
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/source/mysql/binlog/fixtures/", $name, ".binlog")),
            $crate::source::mysql::binlog::Flavour::$flavour,
        )
    };
}
pub(super) use log;

impl Log {
    pub(super) const fn new(bytes: &'static [u8], flavour: Flavour) -> Self {
        Self { bytes, flavour }
    }

    /// Its events, as a server would send them.
    pub(super) fn events(&self) -> Vec<&'static [u8]> {
        let mut rest = self.bytes.strip_prefix(b"\xFEbin").expect("a log");
        let mut events = Vec::new();
        while !rest.is_empty() {
            let size = u32::from_le_bytes(rest[9..13].try_into().unwrap()) as usize;
            let (event, after) = rest.split_at(size);
            events.push(event);
            rest = after;
        }
        events
    }

    pub(super) fn decoder(&self, wanted: Wanted) -> Decoder {
        Decoder::new(GtidSet::empty(self.flavour), wanted, true)
    }

    /// All steps. A log that was recorded in the middle of a server's life begins with an empty set.
    pub(super) fn steps(&self, wanted: Wanted) -> Result<Vec<Step>, Refusal> {
        let mut decoder = self.decoder(wanted);
        let mut steps = Vec::new();
        for event in self.events() {
            decoder.decode(event, &mut steps)?;
        }
        Ok(steps)
    }
}

pub(super) fn item(columns: &[&str]) -> Wanted {
    Wanted::default().with(RelationId(1), SHOP, "item", columns)
}

/// A row's cells, as a person would write them.
pub(super) fn cells(image: &Image) -> Vec<String> {
    let text = |cell: Cell<'_>| match cell {
        Cell::Value(value) => String::from_utf8(value.to_vec()).unwrap(),
        Cell::Null => "NULL".into(),
        Cell::Unchanged => "unchanged".into(),
        Cell::Absent => "absent".into(),
    };
    image.cells().map(text).collect()
}

/// Steps as lines.
pub(super) fn lines(steps: &[Step]) -> Vec<String> {
    let joined = |image: &Option<Image>| image.as_ref().map_or("-".into(), |image| cells(image).join(" "));
    steps
        .iter()
        .map(|step| match step {
            Step::Begin { .. } => "begin".into(),
            Step::Relation(relation) => {
                let columns: Vec<String> = relation
                    .columns
                    .iter()
                    .map(|column| format!("{}{}", column.name, if column.key { "!" } else { "" }))
                    .collect();
                format!("{} is {}", relation.id.0, columns.join(" "))
            }
            Step::Row(row) => format!("{}: {} => {}", row.relation.0, joined(&row.before), joined(&row.after)),
            Step::Redefined(relations) => {
                format!("redefined {}", relations.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(" "))
            }
            Step::Unlogged(unlogged) => {
                let words = unlogged.words.iter().map(|(document, word)| format!("{document}/{word}"));
                let all = unlogged.everything.iter().map(ToString::to_string).chain(words);
                format!("unlogged {}", all.collect::<Vec<_>>().join(" "))
            }
            Step::Commit { .. } => "commit".into(),
            Step::Idle { .. } => "idle".into(),
        })
        .collect()
}
