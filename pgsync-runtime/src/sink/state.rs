//! Single documents of the state index. In: an id and JSON. Out: the same, with the sequence number that the next write
//! has to name. The name is an alias over a hidden index, and writes require it: a state index that was lost is noticed
//! and never made again by a write, which would look like a state that was never there. An index that an administrator has
//! made under the name itself is used as it is.

use super::engine::Engine;
use super::index::expect;
use crate::Result;
use reqwest::Method;
use serde_json::{Value, json};

/// The write that the next one follows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Last {
    sequence: u64,
    term: u64,
    /// Whether the name is an alias.
    alias: bool,
}

impl Engine {
    fn state_path(&self, id: &str) -> String {
        format!("/{}/_doc/{id}", self.settings.state_index)
    }

    /// Reads one; what was written last is seen at once.
    pub(crate) async fn state_get(&self, id: &str) -> Result<Option<(Value, Last)>> {
        let answer = self.http.json(Method::GET, &self.state_path(id), None).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let json = answer.json();
        expect(answer, "read the state")?;
        Ok(Some((json["_source"].clone(), self.last(&json))))
    }

    /// Writes one that follows `last`, or that must not be there yet. `None`: it does not follow.
    pub(crate) async fn state_put(&self, id: &str, body: &Value, after: Option<Last>) -> Result<Option<Last>> {
        let (condition, alias) = match after {
            Some(last) => (format!("if_seq_no={}&if_primary_term={}", last.sequence, last.term), last.alias),
            None => ("op_type=create".to_owned(), self.state_index().await?),
        };
        let path = format!("{}?require_alias={alias}&{condition}", self.state_path(id));
        let answer = self.http.json(Method::PUT, &path, Some(body)).await?;
        // 404: the index is lost, and the document that this one follows with it.
        if answer.status == 409 || (answer.status == 404 && after.is_some()) {
            return Ok(None);
        }
        let json = answer.json();
        expect(answer, "write the state")?;
        Ok(Some(self.last(&json)))
    }

    /// Removes one.
    pub(crate) async fn state_delete(&self, id: &str) -> Result<()> {
        let answer = self.http.json(Method::DELETE, &self.state_path(id), None).await?;
        if answer.status == 404 { Ok(()) } else { expect(answer, "delete the state") }
    }

    /// Makes the state index, and tells whether its name is an alias. Its fields are not searched, so none is mapped.
    async fn state_index(&self) -> Result<bool> {
        let name = &self.settings.state_index;
        let body = json!({
            "settings": { "index": { "number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": true } },
            "mappings": { "enabled": false },
            "aliases": { name: {} },
        });
        let answer = self.http.json(Method::PUT, &format!("/{name}-1"), Some(&body)).await?;
        match answer.json()["error"]["type"].as_str() {
            Some("resource_already_exists_exception") => Ok(true),
            Some("invalid_alias_name_exception") => Ok(false),
            _ => expect(answer, "make the state index").map(|()| true),
        }
    }

    fn last(&self, json: &Value) -> Last {
        let number = |name: &str| json[name].as_u64().unwrap_or(0);
        let alias = json["_index"].as_str() != Some(&self.settings.state_index);
        Last { sequence: number("_seq_no"), term: number("_primary_term"), alias }
    }
}
