//! Bulk requests. In: a body, streamed. Out: one item for each action, as short as `filter_path` allows.

use super::lines::{Action, Lines};
use super::{Shared, json_response, lock, now, respond};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::StreamExt as _;
use memchr::memmem;
use serde_json::json;
use std::io::Write as _;

pub(super) async fn answer(engine: &Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let index = parts.uri.path().trim_end_matches("/_bulk").trim_matches('/').to_owned();
    let (brief, traced, mut kept) = {
        let engine = lock(engine);
        if query.contains("require_alias=true") && !engine.indexes.is_alias(&index) {
            let reason = format!(
                "no such index [{index}] and [require_alias] request flag is [true] and [{index}] is not an alias"
            );
            return json_response(
                404,
                &json!({ "status": 404, "error": { "type": "index_not_found_exception", "reason": reason } }),
            );
        }
        (query.contains("filter_path="), engine.trace.is_some(), engine.keep.is_some().then(Vec::new))
    };
    let mut answer =
        Answer { brief, items: 0, deletes: 0, ids: traced.then(Vec::new), text: String::from(r#"{"items":["#) };
    let mut lines = Lines::default();
    let (mut body, mut bytes) = (body.into_data_stream(), 0);
    while let Some(chunk) = body.next().await {
        let Ok(chunk) = chunk else {
            return json_response(400, &json!({ "status": 400, "error": "the body broke off" }));
        };
        bytes += chunk.len() as u64;
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&chunk);
        }
        lines.feed(&chunk, |action, line| answer.add(action, line));
    }
    let Answer { items, deletes, ids, mut text, .. } = answer;
    if text.ends_with(',') {
        text.pop();
    }
    text.push_str(if brief { "]}" } else { r#"],"took":0,"errors":false}"# });
    let at = now();
    let mut engine = lock(engine);
    if engine.stats.first == 0 {
        engine.stats.first = at;
    }
    engine.stats.last = at;
    engine.stats.items += items;
    engine.stats.deletes += deletes;
    engine.stats.bytes += bytes;
    engine.stats.requests += 1;
    if let (Some(trace), Some(ids)) = (&mut engine.trace, ids) {
        trace.extend(ids.into_iter().map(|id| (id, at)));
    }
    if let (Some(file), Some(body)) = (&mut engine.keep, kept) {
        let written = file.write_all(&(body.len() as u64).to_be_bytes()).and_then(|()| file.write_all(&body));
        if let Err(error) = written {
            return json_response(500, &json!({ "status": 500, "error": error.to_string() }));
        }
    }
    respond(200, Body::from(text))
}

struct Answer {
    brief: bool,
    items: u64,
    deletes: u64,
    ids: Option<Vec<String>>,
    text: String,
}

impl Answer {
    fn add(&mut self, action: Action, line: &[u8]) {
        self.items += 1;
        self.deletes += u64::from(action == Action::Delete);
        if self.brief {
            self.text.push_str(match action {
                Action::Write => r#"{"index":{"result":"created","status":201}},"#,
                Action::Delete => r#"{"delete":{"result":"deleted","status":200}},"#,
            });
        } else {
            let (verb, result, status) = match action {
                Action::Write => ("index", "created", 201),
                Action::Delete => ("delete", "deleted", 200),
            };
            self.text.push_str(&format!(
                r#"{{"{verb}":{{"_index":"null","_id":"{}","_version":1,"result":"{result}","_shards":{{"total":1,"successful":1,"failed":0}},"_seq_no":{},"_primary_term":1,"status":{status}}}}},"#,
                id(line), self.items
            ));
        }
        if let Some(ids) = &mut self.ids {
            ids.push(id(line).to_owned());
        }
    }
}

/// The `_id` of an action line, as it is written there.
fn id(line: &[u8]) -> &str {
    let Some(start) = memmem::find(line, br#""_id":"#).map(|at| at + 6) else { return "" };
    let mut rest = line[start..].trim_ascii_start();
    rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let mut end = 0;
    while end < rest.len() && !matches!(rest[end], b'"' | b',' | b'}') {
        end += if rest[end] == b'\\' { 2 } else { 1 };
    }
    std::str::from_utf8(&rest[..end.min(rest.len())]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn the_id_is_found_wherever_it_stands() {
        assert_eq!(id(br#"{"index":{"_id":"a\"b","_index":"x"}}"#), r#"a\"b"#);
        assert_eq!(id(br#"{"index": {"_index": "x", "_id": 7}}"#), "7");
        assert_eq!(id(br#"{"index":{}}"#), "");
    }
}
