//! Judging one item of a bulk answer. In: what was asked and what the engine says. Out: whether it is done, has to be
//! sent again, or is whose fault. By the *type* of the error, never by the bare status: a closed index is a 400 too.

use serde::Deserialize;
use std::borrow::Cow;

/// What was asked of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Index,
    Delete,
}

/// What has become of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Accepted, or nothing was left to do.
    Done,
    /// The index holds this version already.
    Conflict { current: u64 },
    /// A pipeline dropped the document: an older one may stand, and has to go at the same version.
    Dropped,
    /// Not the document's fault: send it again later.
    Again(String),
    /// The document's own fault.
    Refused(String),
    /// The index or its write alias is gone.
    Gone(String),
}

/// One item of an answer, as far as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct Item<'a> {
    pub status: u16,
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

impl Item<'_> {
    /// Judges it.
    pub(super) fn verdict(&self, action: Action) -> Verdict {
        let Some(failure) = &self.error else {
            return match (self.status, self.result.as_deref()) {
                (_, Some("noop")) if action == Action::Index => Verdict::Dropped,
                (200..300, _) => Verdict::Done,
                (404, _) if action == Action::Delete => Verdict::Done,
                (status, _) => Verdict::Again(format!("status {status}")),
            };
        };
        let reason = failure.reason.as_deref().unwrap_or_default();
        let text = || format!("{}: {}", failure.kind, shorten(reason, failure.caused_by.as_deref()));
        match failure.kind.as_ref() {
            "version_conflict_engine_exception" => match current_version(reason) {
                Some(current) => Verdict::Conflict { current },
                None => Verdict::Again(text()),
            },
            "index_not_found_exception" => Verdict::Gone(text()),
            "illegal_argument_exception" if reason.contains("pipeline with id") => Verdict::Again(text()),
            "mapper_parsing_exception"
            | "document_parsing_exception"
            | "strict_dynamic_mapping_exception"
            | "illegal_argument_exception"
            | "parsing_exception"
            | "x_content_parse_exception" => Verdict::Refused(text()),
            _ => Verdict::Again(text()),
        }
    }
}

/// `..., current version [5] is higher or equal to the one provided [3]`
fn current_version(reason: &str) -> Option<u64> {
    let (_, rest) = reason.split_once("current version [")?;
    rest.split_once(']')?.0.parse().ok()
}

/// The reason without the preview of a field's value that engines append.
fn shorten(reason: &str, cause: Option<&Failure<'_>>) -> String {
    let cut = |text: &str| -> String {
        let end = ["Preview of field's value", "For input string", "preview of"]
            .iter()
            .filter_map(|mark| text.find(mark))
            .min()
            .unwrap_or(text.len());
        text[..end].trim_end_matches([' ', '.', ':']).chars().take(300).collect()
    };
    match cause {
        // The kind of a cause says what is wrong; its text may quote the value.
        Some(cause) if !cause.kind.is_empty() => format!("{} ({})", cut(reason), cause.kind),
        _ => cut(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(action: Action, json: &str) -> Verdict {
        serde_json::from_str::<Item<'_>>(json).unwrap().verdict(action)
    }

    #[test]
    fn the_type_of_an_error_decides_and_not_its_status() {
        let parsing = r#"{"status":400,"error":{"type":"document_parsing_exception",
            "reason":"[1:8] failed to parse field [n] of type [long] in document with id '1'. Preview of field's value: 'secret'"}}"#;
        let Verdict::Refused(text) = verdict(Action::Index, parsing) else { panic!("not refused") };
        assert!(text.contains("field [n]") && !text.contains("secret"), "{text}");
        for again in
            ["index_closed_exception", "cluster_block_exception", "es_rejected_execution_exception", "never_heard_of"]
        {
            let item = format!(r#"{{"status":400,"error":{{"type":"{again}","reason":"r"}}}}"#);
            assert!(matches!(verdict(Action::Index, &item), Verdict::Again(_)), "{again}");
        }
        let pipeline = r#"{"status":400,"error":{"type":"illegal_argument_exception","reason":"pipeline with id [x] does not exist"}}"#;
        assert!(matches!(verdict(Action::Index, pipeline), Verdict::Again(_)));
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
    }
}
