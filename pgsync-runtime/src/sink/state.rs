//! Single documents of the state index. In: an id and JSON. Out: the same, with the sequence number that the next write
//! has to name. The name is an alias over a hidden index, and writes require it: a state index that was lost is noticed
//! and never made again by a write, which would look like a state that was never there.

use super::engine::Engine;
use super::index::expect;
use crate::{Error, ErrorKind, Result};
use reqwest::Method;
use serde_json::{Value, json};

/// Sequence number and primary term.
type Last = (u64, u64);

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
        Ok(Some((json["_source"].clone(), last(&json))))
    }

    /// Writes one that follows `last`, or that must not be there yet. `None`: it does not follow.
    pub(crate) async fn state_put(&self, id: &str, body: &Value, after: Option<Last>) -> Result<Option<Last>> {
        let condition = match after {
            Some((sequence, term)) => format!("if_seq_no={sequence}&if_primary_term={term}"),
            None => {
                self.state_index().await?;
                "op_type=create".to_owned()
            }
        };
        let path = format!("{}?require_alias=true&{condition}", self.state_path(id));
        let answer = self.http.json(Method::PUT, &path, Some(body)).await?;
        // 404: the index is lost, and the document that this one follows with it.
        if answer.status == 409 || (answer.status == 404 && after.is_some()) {
            return Ok(None);
        }
        let json = answer.json();
        expect(answer, "write the state")?;
        Ok(Some(last(&json)))
    }

    /// Removes one.
    pub(crate) async fn state_delete(&self, id: &str) -> Result<()> {
        let answer = self.http.json(Method::DELETE, &self.state_path(id), None).await?;
        if answer.status == 404 { Ok(()) } else { expect(answer, "delete the state") }
    }

    /// Makes the state index. Its fields are not searched, so none is mapped.
    async fn state_index(&self) -> Result<()> {
        let name = &self.settings.state_index;
        let body = json!({
            "settings": { "index": { "number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": true } },
            "mappings": { "enabled": false },
            "aliases": { name: {} },
        });
        let answer = self.http.json(Method::PUT, &format!("/{name}-1"), Some(&body)).await?;
        match answer.json()["error"]["type"].as_str() {
            Some("resource_already_exists_exception") => Ok(()),
            Some("invalid_alias_name_exception") => Err(Error::new(
                ErrorKind::Refused,
                format!("`{name}` is an index; the state needs an alias of this name over an index `{name}-1`"),
            )
            .help("delete that index, or set PGSYNC_STATE_INDEX to another name")),
            _ => expect(answer, "make the state index"),
        }
    }
}

fn last(json: &Value) -> Last {
    (json["_seq_no"].as_u64().unwrap_or(0), json["_primary_term"].as_u64().unwrap_or(0))
}
