//! Judging one item of a bulk answer. In: what was asked and what the engine says. Out: whether it is done, has to be
//! sent again, or is whose fault. It must not repeat a field's value.

use super::failure::{Asked, Meaning, classify, said};
use serde::Deserialize;
use std::borrow::Cow;

/// What was asked of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A document to be written.
    Index,
    /// One to be deleted.
    Delete,
}

/// Why a document is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The engine's type of the error, or a word of ours.
    pub kind: String,
    /// Its reason, without values.
    pub reason: String,
}

/// What has become of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted, or nothing was left to do.
    Done,
    /// The index holds this version already.
    Conflict {
        /// That one.
        current: u64,
    },
    /// A pipeline dropped the document: an older one may stand, and has to go at the same version.
    Dropped,
    /// Not the document's fault: send it again later.
    Again(Why),
    /// Perhaps the document's fault: send it again a few times.
    Doubtful(Why),
    /// The document's own fault.
    Refused(Why),
    /// The index or its write alias is gone.
    Gone(Why),
}

#[derive(Deserialize)]
struct BulkAnswer<'a> {
    #[serde(borrow)]
    items: Vec<Answered<'a>>,
}

/// An item under the name of its action.
#[derive(Deserialize)]
enum Answered<'a> {
    #[serde(rename = "index", borrow)]
    Index(Item<'a>),
    #[serde(rename = "delete", borrow)]
    Delete(Item<'a>),
}

/// One item of an answer, as far as it is read.
#[derive(Debug, Deserialize)]
struct Item<'a> {
    status: u16,
    #[serde(borrow, default)]
    result: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    error: Option<Failure<'a>>,
}

#[derive(Debug, Deserialize)]
struct Failure<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    reason: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    caused_by: Option<Box<Failure<'a>>>,
}

/// Judges the answer to a bulk request, item by item.
///
/// # Errors
/// Says what is wrong where it is no answer to that request.
pub fn judge(answer: &[u8], asked: impl ExactSizeIterator<Item = Action>) -> Result<Vec<Verdict>, String> {
    let Ok(parsed) = serde_json::from_slice::<BulkAnswer<'_>>(answer) else {
        return Err("the answer is not one to a bulk request".to_owned());
    };
    if parsed.items.len() != asked.len() {
        return Err(format!("{} items were sent, {} answered", asked.len(), parsed.items.len()));
    }
    let judged = asked.zip(&parsed.items).map(|(action, answered)| {
        let (Answered::Index(item) | Answered::Delete(item)) = answered;
        item.verdict(action)
    });
    Ok(judged.collect())
}

impl Why {
    pub(super) fn new(kind: &str, reason: &str) -> Self {
        Self { kind: kind.to_owned(), reason: reason.to_owned() }
    }

    /// Both in one line.
    pub(super) fn text(&self) -> String {
        said(0, &self.kind, &self.reason)
    }
}

impl Item<'_> {
    /// Judges it.
    fn verdict(&self, action: Action) -> Verdict {
        let Some(failure) = &self.error else {
            return match (self.status, self.result.as_deref()) {
                (_, Some("noop")) if action == Action::Index => Verdict::Dropped,
                (200..300, _) => Verdict::Done,
                (404, _) if action == Action::Delete => Verdict::Done,
                (status, _) => Verdict::Again(Why::new("", &format!("status {status}"))),
            };
        };
        let reason = failure.reason.as_deref().unwrap_or_default();
        let why = || Why::new(&failure.kind, &shorten(reason, failure.caused_by.as_deref()));
        match classify(Asked::Item, self.status, &failure.kind, reason) {
            Meaning::Conflict => match current_version(reason) {
                Some(current) => Verdict::Conflict { current },
                None => Verdict::Again(why()),
            },
            Meaning::Gone => Verdict::Gone(why()),
            // Where none may stand without a routing, none stands.
            Meaning::Document if action == Action::Delete && failure.kind == "routing_missing_exception" => {
                Verdict::Done
            }
            Meaning::Document => Verdict::Refused(why()),
            Meaning::Doubtful => Verdict::Doubtful(why()),
            _ => Verdict::Again(why()),
        }
    }
}

/// `..., current version [5] is higher or equal to the one provided [3]`
fn current_version(reason: &str) -> Option<u64> {
    let (_, rest) = reason.split_once("current version [")?;
    rest.split_once(']')?.0.parse().ok()
}

/// The reason without the pieces of the document that engines append.
fn shorten(reason: &str, cause: Option<&Failure<'_>>) -> String {
    // The kind of a cause says what is wrong; its text may quote the value.
    match cause {
        Some(cause) if !cause.kind.is_empty() => format!("{} ({})", without_values(reason), cause.kind),
        _ => without_values(reason),
    }
}

/// The reason up to where engines begin to quote the document.
pub(super) fn without_values(reason: &str) -> String {
    let marks = ["Preview of field's value", "For input string", "preview of", "at [Source", "\n"];
    let end = marks.iter().filter_map(|mark| reason.find(mark)).min().unwrap_or(reason.len());
    reason[..end].trim_end_matches([' ', '.', ':', '\n']).chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(action: Action, json: &str) -> Verdict {
        serde_json::from_str::<Item<'_>>(json).unwrap().verdict(action)
    }

    #[test]
    fn a_reason_is_told_without_values() {
        let parsing = r#"{"status":400,"error":{"type":"document_parsing_exception",
            "reason":"[1:8] failed to parse field [n] of type [long] in document with id '1'. Preview of field's value: 'secret'"}}"#;
        let Verdict::Refused(why) = verdict(Action::Index, parsing) else { panic!("not refused") };
        assert!(why.reason.contains("field [n]") && !why.reason.contains("secret"), "{why:?}");
        let quoted = r#"{"status":400,"error":{"type":"document_parsing_exception","reason":"[1:18] failed to parse: Duplicate field 'a'\n at [Source: (byte[])\"{\"id\":1,\"s\":\"secret\"}\"; line: 1, column: 23]"}}"#;
        let Verdict::Refused(why) = verdict(Action::Index, quoted) else { panic!("not refused") };
        assert_eq!(why.reason, "[1:18] failed to parse: Duplicate field 'a'");
        let cause = r#"{"status":400,"error":{"type":"mapper_parsing_exception","reason":"failed to parse",
            "caused_by":{"type":"number_format_exception","reason":"For input string: \"secret\""}}}"#;
        let Verdict::Refused(why) = verdict(Action::Index, cause) else { panic!("not refused") };
        assert_eq!(why.text(), "mapper_parsing_exception: failed to parse (number_format_exception)");
    }

    #[test]
    fn a_conflict_carries_the_version_that_stands() {
        let conflict = r#"{"status":409,"error":{"type":"version_conflict_engine_exception",
            "reason":"[1]: version conflict, current version [5] is higher or equal to the one provided [3]"}}"#;
        assert_eq!(verdict(Action::Index, conflict), Verdict::Conflict { current: 5 });
    }

    #[test]
    fn a_dropped_document_is_not_a_written_one() {
        assert_eq!(verdict(Action::Index, r#"{"status":200,"result":"noop"}"#), Verdict::Dropped);
        assert_eq!(verdict(Action::Delete, r#"{"status":404,"result":"not_found"}"#), Verdict::Done);
        let unrouted =
            r#"{"status":400,"error":{"type":"routing_missing_exception","reason":"routing is required for [i]/[1]"}}"#;
        assert_eq!(verdict(Action::Delete, unrouted), Verdict::Done);
        assert!(matches!(verdict(Action::Index, unrouted), Verdict::Refused(_)));
    }
}
