//! Single documents of the state index. In: an id and JSON. Out: the same, with the sequence number that the next write
//! has to name. The name is an alias over a hidden index, and writes require it: a state index that was lost is noticed,
//! and only [`Engine::state_index`] makes it, never a write, which would look like a state that was never there. An
//! index that an administrator has made under the name itself is used as it is.

use super::engine::Engine;
use super::http::segment;
use super::index::expect;
use crate::Result;
use crate::settings::CheckpointSettings;
use crate::state::{Put, SequenceNumber};
use reqwest::Method;
use serde_json::{Value, json};

/// What there was of the state index before it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StateIndex {
    /// Nothing: it was made.
    Made,
    /// The index itself; its name was put back, or was there all along.
    Found,
}

impl Engine {
    fn state_path(&self, id: &str) -> String {
        format!("/{}/_doc/{}", segment(&self.settings.state_index), segment(id))
    }

    /// Where the state is kept.
    pub(crate) fn checkpoint(&self) -> &CheckpointSettings {
        &self.settings.checkpoint
    }

    /// What that is called.
    pub(crate) fn state_place(&self) -> String {
        self.settings.state_place()
    }

    /// Name of the state index.
    pub(crate) fn state_name(&self) -> &str {
        &self.settings.state_index
    }

    /// Reads one; what was written last is seen at once. `None` only where the engine says that it is not there.
    pub(crate) async fn state_get(&self, id: &str) -> Result<Option<(Value, SequenceNumber)>> {
        let answer = self.http.json(Method::GET, &self.state_path(id), None).await?;
        let json = answer.json();
        if answer.no_index() || (answer.status == 404 && json["found"] == false) {
            return Ok(None);
        }
        if answer.status == 404 {
            return Err(answer.stray("read the state"));
        }
        expect(answer, "read the state")?;
        Ok(Some((json["_source"].clone(), last(&json))))
    }

    /// Writes one that follows `after`, or that must not be there yet. The index has to be there.
    pub(crate) async fn state_put(
        &self,
        id: &str,
        body: &Value,
        after: Option<SequenceNumber>,
        alias: bool,
    ) -> Result<Put> {
        let condition = match after {
            Some(last) => format!("if_seq_no={}&if_primary_term={}", last.sequence, last.term),
            None => "op_type=create".to_owned(),
        };
        let path = format!("{}?require_alias={alias}&{condition}", self.state_path(id));
        let answer = self.http.json(Method::PUT, &path, Some(body)).await?;
        match answer.status {
            409 => return Ok(Put::Conflict),
            404 if answer.no_index() => return Ok(Put::NoIndex),
            404 => return Err(answer.stray("write the state")),
            _ => {}
        }
        let json = answer.json();
        expect(answer, "write the state")?;
        Ok(Put::Done(last(&json)))
    }

    /// Writes one, whatever is there. The index has to be there.
    pub(crate) async fn state_replace(&self, id: &str, body: &Value) -> Result<()> {
        expect(self.http.json(Method::PUT, &self.state_path(id), Some(body)).await?, "write the state")
    }

    /// Removes one.
    pub(crate) async fn state_delete(&self, id: &str) -> Result<()> {
        let answer = self.http.json(Method::DELETE, &self.state_path(id), None).await?;
        let json = answer.json();
        if answer.no_index() || (answer.status == 404 && json["result"] == "not_found") {
            return Ok(());
        }
        if answer.status == 404 {
            return Err(answer.stray("delete the state"));
        }
        expect(answer, "delete the state")
    }

    /// Whether the name of the state index is an alias; `None` where nothing has the name.
    pub(crate) async fn state_alias(&self) -> Result<Option<bool>> {
        let name = self.state_name();
        let holders = self.holders(name).await?;
        Ok(holders.first().map(|(physical, _)| physical != name))
    }

    /// Makes the state index where it is missing, or puts its name back on it. Its fields are not searched, so none is
    /// mapped.
    pub(crate) async fn state_index(&self) -> Result<StateIndex> {
        let name = self.state_name();
        let body = json!({
            "settings": { "index": { "number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": true } },
            "mappings": { "enabled": false },
            "aliases": { name: {} },
        });
        let answer = self.http.json(Method::PUT, &format!("/{}-1", segment(name)), Some(&body)).await?;
        if answer.kind().as_deref() != Some("resource_already_exists_exception") {
            return expect(answer, "make the state index").map(|()| StateIndex::Made);
        }
        let actions = json!({ "actions": [{ "add": { "index": format!("{name}-1"), "alias": name } }] });
        let answer = self.http.json(Method::POST, "/_aliases", Some(&actions)).await?;
        expect(answer, &format!("put the alias `{name}` on the state index")).map(|()| StateIndex::Found)
    }

    /// Whether the state index is there, whatever its name stands for.
    pub(crate) async fn state_stands(&self) -> Result<bool> {
        Ok(!self.holders(&format!("{}-1", self.state_name())).await?.is_empty())
    }
}

fn last(json: &Value) -> SequenceNumber {
    let number = |name: &str| json[name].as_u64().unwrap_or(0);
    SequenceNumber { sequence: number("_seq_no"), term: number("_primary_term") }
}
