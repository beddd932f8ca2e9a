//! Single documents of the state index. In: an id and JSON. Out: the same, with the sequence number that the next write
//! has to name.

use super::engine::Engine;
use super::index::expect;
use crate::Result;
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
        let parameters = match after {
            Some((sequence, term)) => format!("?if_seq_no={sequence}&if_primary_term={term}"),
            None => {
                self.state_index().await?;
                "?op_type=create".to_owned()
            }
        };
        let answer = self.http.json(Method::PUT, &format!("{}{parameters}", self.state_path(id)), Some(body)).await?;
        if answer.status == 409 {
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
        let body = json!({
            "settings": { "index": { "number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": true } },
            "mappings": { "enabled": false },
        });
        let path = format!("/{}", self.settings.state_index);
        let answer = self.http.json(Method::PUT, &path, Some(&body)).await?;
        let exists = answer.json()["error"]["type"].as_str() == Some("resource_already_exists_exception");
        if exists { Ok(()) } else { expect(answer, "make the state index") }
    }
}

fn last(json: &Value) -> Last {
    (json["_seq_no"].as_u64().unwrap_or(0), json["_primary_term"].as_u64().unwrap_or(0))
}
