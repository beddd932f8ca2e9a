//! What an engine's refusal means. In: what was asked, the status, and the type and reason of the error. Out: one
//! [`Meaning`]; and the error of a request that is not one for documents. Everything that judges an answer asks this
//! one table, by the *type* of an error before its status: a closed index is a 400 too.

use crate::error::printable;
use crate::{Code, Error};
use std::borrow::Cow;

/// What was asked of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Anything but writing documents: its name, an index, an alias, the state, a list.
    Request,
    /// A bulk request, refused as a whole.
    Bulk,
    /// One item of a bulk request.
    Item,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It may be taken later.
    Again,
    /// Later perhaps; a document that is refused so again and again is itself the cause.
    Doubtful,
    /// The document's own fault, or, of a whole request, that of one of its documents.
    Document,
    /// The index holds this version, or a newer one.
    Conflict,
    /// The index or its write alias is gone.
    Gone,
    /// The credentials are wrong.
    Login,
    /// The user lacks a right.
    Rights,
    /// The engine is at another address.
    Redirects,
    /// The request is wrong and will stay so.
    Refuses,
}

/// The table.
pub(super) fn classify(asked: Asked, status: u16, kind: &str, reason: &str) -> Meaning {
    use Asked::{Bulk, Item, Request};
    match (asked, status, kind) {
        (Item, _, "version_conflict_engine_exception") => Meaning::Conflict,
        (_, _, "index_not_found_exception") => Meaning::Gone,
        // A missing pipeline, a full shard: not the document's fault.
        (Item, _, "illegal_argument_exception")
            if reason.contains("pipeline with id") || reason.contains("umber of documents in") =>
        {
            Meaning::Again
        }
        (
            Item,
            _,
            "mapper_parsing_exception"
            | "document_parsing_exception"
            | "strict_dynamic_mapping_exception"
            | "illegal_argument_exception"
            | "parsing_exception"
            | "parse_exception"
            | "x_content_parse_exception"
            | "stream_constraints_exception"
            | "action_request_validation_exception"
            | "routing_missing_exception",
        ) => Meaning::Document,
        // Processors of a pipeline and scripts fail by the document, or for ever.
        (Item, _, "fail_processor_exception" | "script_exception" | "ingest_processor_exception") => Meaning::Doubtful,
        (Item, ..) => Meaning::Again,
        (Request | Bulk, 300..400, _) => Meaning::Redirects,
        (Request | Bulk, 401, _) => Meaning::Login,
        // A disk above its mark, an index that is read-only.
        (Request, 403, "cluster_block_exception") => Meaning::Again,
        (Request, 403, _) => Meaning::Rights,
        (Bulk, 400 | 413, _) => Meaning::Document,
        (Request, 400 | 413, _) => Meaning::Refuses,
        // What a proxy says while the engine is away, and whatever else there is.
        (Request | Bulk, ..) => Meaning::Again,
    }
}

/// The error of a request that was not carried out, for `what` was tried.
pub(super) fn refusal(what: &str, status: u16, kind: &str, reason: &str) -> Error {
    let said = said(status, kind, reason);
    let message = format!("the engine refused to {what}: {said}");
    match classify(Asked::Request, status, kind, reason) {
        Meaning::Gone => Error::coded(Code::IndexGone, message),
        Meaning::Login => Error::coded(Code::EngineLogin, message).help(
            "check ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, ELASTICSEARCH_API_KEY or ELASTICSEARCH_BEARER_AUTH",
        ),
        Meaning::Rights => Error::coded(Code::EngineRights, message).help(
            "give the user manage, read and write on the index, its generations (NAME-*), the state index and \
             the quarantine (STATE-quarantine*)",
        ),
        Meaning::Redirects => {
            Error::coded(Code::EngineRedirects, message).help("set ELASTICSEARCH_URL to the engine itself")
        }
        Meaning::Refuses | Meaning::Document => Error::coded(Code::EngineRefuses, message),
        Meaning::Again | Meaning::Doubtful | Meaning::Conflict => Error::coded(Code::EngineUnavailable, message),
    }
}

/// What the engine says is wrong: `type: reason`, without anything that a terminal acts on.
pub(super) fn said(status: u16, kind: &str, reason: &str) -> String {
    let short: Cow<'_, str> = if reason.chars().count() > 2000 {
        reason.chars().take(2000).chain("...".chars()).collect()
    } else {
        reason.into()
    };
    let reason = printable(&short);
    match (kind, reason.as_ref()) {
        ("", "") => format!("status {status}"),
        ("", reason) => reason.to_owned(),
        (kind, "") => printable(kind).into_owned(),
        (kind, reason) => format!("{}: {reason}", printable(kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::Asked::{Bulk, Item, Request};
    use super::Meaning::{Again, Conflict, Document, Doubtful, Gone, Login, Redirects, Refuses, Rights};
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn each_row_of_the_table() {
        let rows = [
            // Nobody's fault: later.
            (Request, 408, "", "", Again),
            (Request, 429, "circuit_breaking_exception", "", Again),
            (Request, 500, "", "", Again),
            (Request, 502, "", "", Again),
            (Request, 503, "search_phase_execution_exception", "", Again),
            (Request, 404, "", "default backend", Again),
            (Request, 409, "", "", Again),
            (Request, 418, "", "", Again),
            (Request, 403, "cluster_block_exception", "flood stage", Again),
            (Bulk, 408, "", "", Again),
            (Bulk, 429, "", "", Again),
            (Bulk, 500, "", "", Again),
            (Bulk, 503, "", "", Again),
            (Bulk, 403, "security_exception", "", Again),
            (Bulk, 404, "", "default backend", Again),
            (Bulk, 418, "", "", Again),
            (Item, 429, "es_rejected_execution_exception", "", Again),
            (Item, 400, "index_closed_exception", "", Again),
            (Item, 403, "cluster_block_exception", "", Again),
            (Item, 503, "unavailable_shards_exception", "", Again),
            (Item, 400, "never_heard_of", "", Again),
            (Item, 400, "illegal_argument_exception", "pipeline with id [x] does not exist", Again),
            (
                Item,
                400,
                "illegal_argument_exception",
                "number of documents in the index cannot exceed 2147483519",
                Again,
            ),
            // The document's.
            (Item, 400, "mapper_parsing_exception", "", Document),
            (Item, 400, "document_parsing_exception", "", Document),
            (Item, 400, "strict_dynamic_mapping_exception", "", Document),
            (Item, 400, "illegal_argument_exception", "mapper [s] cannot be changed", Document),
            (Item, 400, "parsing_exception", "", Document),
            (Item, 400, "parse_exception", "", Document),
            (Item, 400, "x_content_parse_exception", "", Document),
            (Item, 400, "stream_constraints_exception", "", Document),
            (Item, 400, "action_request_validation_exception", "", Document),
            (Item, 400, "routing_missing_exception", "", Document),
            (Bulk, 400, "action_request_validation_exception", "", Document),
            (Bulk, 413, "", "", Document),
            (Item, 500, "fail_processor_exception", "", Doubtful),
            (Item, 400, "script_exception", "", Doubtful),
            (Item, 500, "ingest_processor_exception", "", Doubtful),
            (Item, 409, "version_conflict_engine_exception", "", Conflict),
            // The index's.
            (Item, 404, "index_not_found_exception", "", Gone),
            (Bulk, 404, "index_not_found_exception", "", Gone),
            (Request, 404, "index_not_found_exception", "", Gone),
            // The operator's.
            (Request, 401, "security_exception", "", Login),
            (Bulk, 401, "", "", Login),
            (Request, 403, "security_exception", "", Rights),
            (Request, 307, "", "", Redirects),
            (Bulk, 302, "", "", Redirects),
            (Request, 400, "mapper_parsing_exception", "", Refuses),
            (Request, 413, "", "", Refuses),
        ];
        for (asked, status, kind, reason, meaning) in rows {
            assert_eq!(classify(asked, status, kind, reason), meaning, "{asked:?} {status} {kind} {reason}");
        }
    }

    #[test]
    fn a_refusal_has_the_code_of_its_meaning() {
        let code = |status, kind| refusal("do it", status, kind, "because").code();
        assert_eq!(code(401, ""), Some(Code::EngineLogin));
        assert_eq!(code(403, ""), Some(Code::EngineRights));
        assert_eq!(code(400, ""), Some(Code::EngineRefuses));
        assert_eq!(code(404, "index_not_found_exception"), Some(Code::IndexGone));
        assert_eq!(refusal("do it", 500, "", "").kind(), ErrorKind::Unavailable);
        let text = refusal("do it", 500, "\u{1b}[2Jx", "a\nb").to_string();
        assert_eq!(text, "the engine refused to do it: \\u{1b}[2Jx: a\\nb");
    }
}
