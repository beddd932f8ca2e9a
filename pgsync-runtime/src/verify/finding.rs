//! What is wrong with one document, and why as far as it can be known. In: what stands in a place, and what should. Out: a line
//! for a person, or an object for a machine. A row's values are in neither, unless they are asked for.

use super::compare::{Field, Shown};
use crate::error::printable;
use crate::sink::{Listed, brief};
use serde_json::{Value, json};

/// A document that is not what its row says.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// The index.
    pub(crate) index: String,
    /// The place in it.
    pub(crate) place: Listed,
    /// What is wrong.
    pub(crate) kind: Kind,
    /// Which values are not the same.
    pub(crate) fields: Vec<Field>,
    /// The version that stands there.
    pub(crate) version: Option<u64>,
    /// Everything before this version was written.
    pub(crate) established: u64,
    /// Why.
    pub(crate) why: Why,
    /// What became of it, where it was to be mended: why it was not, where it was not.
    pub(crate) mended: Option<Result<(), String>>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A row has no document.
    Missing,
    /// A document has other values than its row.
    Different,
    /// A document has no row.
    Extra,
}

impl Kind {
    /// As it is printed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Different => "different",
            Self::Extra => "extra",
        }
    }
}

/// Why it may be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// The version is beyond the end of the log.
    FutureVersion,
    /// The version is not one that is written here.
    ForeignVersion,
    /// The version is above what was established.
    LaterVersion,
    /// The row's document is kept under this routing.
    OtherRouting(String),
    /// A transform or an ingest pipeline leaves the document out.
    LeftOut,
    /// Its `_id` is none of this table.
    ForeignId,
    /// The version may be one of ours.
    OurVersion,
    /// Nothing tells.
    Unknown,
}

impl Why {
    fn name(&self) -> &'static str {
        match self {
            Self::FutureVersion => "future_version",
            Self::ForeignVersion => "foreign_version",
            Self::LaterVersion => "later_version",
            Self::OtherRouting(_) => "other_routing",
            Self::LeftOut => "left_out",
            Self::ForeignId => "foreign_id",
            Self::OurVersion => "our_version",
            Self::Unknown => "unknown",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::FutureVersion => {
                "its version is beyond the end of the database's log: something else wrote it, and no change of the row is taken any more"
                    .to_owned()
            }
            Self::ForeignVersion => "its version is none that is written here: something else wrote it".to_owned(),
            Self::LaterVersion => "its version is above everything that was followed so far".to_owned(),
            Self::OtherRouting(routing) if routing.is_empty() => "its row has no routing".to_owned(),
            Self::OtherRouting(_) => "its row has another routing".to_owned(),
            Self::LeftOut => "a transform or a pipeline leaves it out".to_owned(),
            Self::ForeignId => "its _id is none of this table: something else wrote it".to_owned(),
            Self::OurVersion => {
                "its version is one that may have been written here: a change was missed, or something else wrote at it".to_owned()
            }
            Self::Unknown => "nothing tells since when".to_owned(),
        }
    }
}

impl Finding {
    /// Whether it is wrong no more.
    pub(crate) fn is_mended(&self) -> bool {
        matches!(self.mended, Some(Ok(())))
    }

    /// For a machine.
    pub(crate) fn object(&self, values: bool) -> Value {
        let side = |shown: &Option<Shown>| shown.as_ref().map(|shown| shown.kind.clone());
        // As text: a parsed number would not keep its digits.
        let value = |shown: &Option<Shown>| shown.as_ref().map(|shown| shown.value.clone());
        let fields = self.fields.iter().map(|field| {
            let mut object =
                json!({ "path": field.path, "database": side(&field.database), "index": side(&field.index) });
            if field.order {
                object["order"] = true.into();
            }
            if values {
                object["database_value"] = value(&field.database).into();
                object["index_value"] = value(&field.index).into();
            }
            object
        });
        let fields: Vec<Value> = fields.collect();
        let routing = serde_json::from_str::<Value>(&self.place.routing).ok();
        let mut object = json!({
            "index": self.index, "id": self.place.id, "routing": routing, "kind": self.kind.name(), "fields": fields,
            "version": self.version, "established": self.established, "why": self.why.name(), "reason": self.why.text(),
        });
        if let Some(mended) = &self.mended {
            object["mended"] = mended.is_ok().into();
            object["mended_reason"] = mended.as_ref().err().cloned().into();
        }
        object
    }

    /// For a person.
    pub(crate) fn text(&self, values: bool) -> String {
        /// So many fields stand in a line.
        const SHOWN: usize = 10;
        let id = brief(&self.place.id);
        let mut out = format!("{:<9}  {}  {id}", self.kind.name(), self.index);
        if !self.place.routing.is_empty() {
            out.push_str(&format!("  routing {}", printable(&self.place.routing)));
        }
        let side = |shown: &Option<Shown>| match shown {
            None => "nothing".to_owned(),
            Some(shown) if values => printable(&shown.value).into_owned(),
            Some(shown) => shown.kind.clone(),
        };
        let fields: Vec<String> = self
            .fields
            .iter()
            .take(SHOWN)
            .map(|field| {
                let path =
                    if field.path.is_empty() { "the document".to_owned() } else { printable(&field.path).into_owned() };
                let order = if field.order { ", in another order" } else { "" };
                format!("{path}: {} in the database, {} in the index{order}", side(&field.database), side(&field.index))
            })
            .collect();
        if !fields.is_empty() {
            out.push_str(&format!("  {}", fields.join("; ")));
        }
        if self.fields.len() > SHOWN {
            out.push_str(&format!("; and {} more", self.fields.len() - SHOWN));
        }
        let version = self.version.map(|version| format!("version {version}, ")).unwrap_or_default();
        out.push_str(&format!("  ({version}{})", self.why.text()));
        match &self.mended {
            None => {}
            Some(Ok(())) => out.push_str("  mended"),
            Some(Err(reason)) => out.push_str(&format!("  not mended: {}", printable(reason))),
        }
        out
    }
}
