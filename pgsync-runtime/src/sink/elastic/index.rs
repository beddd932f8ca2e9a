//! The life of an index. In: a definition. Out: generations `NAME-FINGERPRINT-N`, of which one stands behind the alias
//! `NAME` that searches use. Each has a write alias of its own: a bulk request that requires it can never make a deleted
//! index again by accident. What is not ours is never touched.

use super::GC_DELETES;
use super::engine::Engine;
use super::http::{Answer, segment};
use crate::sink::{Existing, Generation, Owner, Target};
use crate::{Code, Error, ErrorKind, Result};
use pgsync_plan::IndexDefinition;
use reqwest::Method;
use serde_json::{Map, Value, json};

impl Engine {
    /// What there is under a name.
    ///
    /// # Errors
    /// Those of the engine, and an index whose translog is not durable before a write is answered.
    pub async fn inspect(&self, name: &str) -> Result<Existing> {
        let path = format!("/{0},{0}-*?ignore_unavailable=true&allow_no_indices=true", segment(name));
        let answer = self.http.json(Method::GET, &path, None).await?;
        let what = format!("show index `{name}`");
        if answer.no_index() {
            return Ok(Existing::default());
        }
        if answer.status == 404 {
            return Err(answer.stray(&what));
        }
        if !answer.ok() {
            return Err(answer.refusal(&what));
        }
        let mut existing = Existing::default();
        for (physical, found) in answer.json().as_object().unwrap_or(&Map::new()) {
            let public = found["aliases"].get(name).is_some();
            let ours = &found["mappings"]["_meta"]["pgsync"];
            if ours["index"].as_str() != Some(name) {
                if public || physical == name {
                    existing.foreign = Some(physical.clone());
                }
                continue;
            }
            if found["settings"]["index"]["translog"]["durability"].as_str() == Some("async") {
                return Err(Error::new(
                    ErrorKind::Refused,
                    format!(
                        "index `{physical}` has index.translog.durability = async: it may lose what it has confirmed"
                    ),
                )
                .help("set it to `request`, or remove it from `setting`"));
            }
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            existing.generations.push(Generation {
                physical: physical.clone(),
                uuid: text(&found["settings"]["index"]["uuid"]),
                number: ours["generation"].as_u64().unwrap_or(0),
                fingerprint: text(&ours["fingerprint"]),
                identity: text(&ours["identity"]),
                owner: Owner::from_meta(ours),
                public,
            });
        }
        existing.generations.sort_by_key(|generation| generation.number);
        Ok(existing)
    }

    /// Makes generation `number`. No alias for searches is on it before [`Engine::promote`].
    ///
    /// # Errors
    /// The engine's refusal, for example of a mapping the schema gives.
    pub async fn create(
        &self,
        name: &str,
        definition: &IndexDefinition,
        number: u64,
        owner: &Owner,
    ) -> Result<Generation> {
        let short: String = definition.fingerprint.chars().take(8).collect();
        let target = Target { physical: format!("{name}-{short}-{number}"), pipeline: None };
        let mut settings = definition.settings.clone();
        if !settings.is_object() {
            settings = json!({});
        }
        if settings["index"]["gc_deletes"].is_null() && settings["index.gc_deletes"].is_null() {
            settings["index"]["gc_deletes"] = json!(GC_DELETES);
        }
        let mut mappings = definition.mappings.clone();
        if !mappings["_meta"].is_object() {
            mappings["_meta"] = json!({});
        }
        mappings["_meta"]["pgsync"] = json!({
            "index": name, "generation": number,
            "system": owner.system_identifier, "database": owner.database, "slot": owner.slot, "host": owner.host,
            "fingerprint": definition.fingerprint, "identity": definition.identity,
        });
        let aliases = json!({ target.write_alias(): {} });
        let body = json!({ "settings": settings, "mappings": mappings, "aliases": aliases });
        let answer = self.http.json(Method::PUT, &format!("/{}", segment(&target.physical)), Some(&body)).await?;
        if answer.kind().as_deref() == Some("resource_already_exists_exception") {
            // The request of a process that is gone came after we had looked. The next look finds what it has made.
            return Err(Error::new(ErrorKind::Unavailable, format!("index `{}` was made meanwhile", target.physical)));
        }
        if !answer.ok() {
            return Err(answer
                .refusal(&format!("make index `{}`", target.physical))
                .help("check `setting` and `mapping` of the schema file"));
        }
        let existing = self.inspect(name).await?;
        existing
            .generations
            .into_iter()
            .find(|generation| generation.physical == target.physical)
            .ok_or_else(|| Error::new(ErrorKind::Unavailable, format!("index `{}` is gone again", target.physical)))
    }

    /// Makes everything written searchable.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn refresh(&self, name: &str) -> Result<()> {
        let answer = self.http.json(Method::POST, &format!("/{}/_refresh", segment(name)), None).await?;
        expect(answer, &format!("refresh `{name}`"))
    }

    /// Makes everything written searchable, moves the alias to this generation in one step, and drops the older ones.
    ///
    /// # Errors
    /// Those of the engine; [`ErrorKind::Reload`] where the generation is gone.
    pub async fn promote(&self, name: &str, physical: &str) -> Result<()> {
        self.refresh(physical).await?;
        let existing = self.inspect(name).await?;
        let mut actions = Vec::new();
        for generation in existing.generations.iter().filter(|generation| generation.public) {
            if generation.physical != physical {
                actions.push(json!({ "remove": { "index": generation.physical, "alias": name } }));
            }
        }
        actions.push(json!({ "add": { "index": physical, "alias": name } }));
        let answer = self.http.json(Method::POST, "/_aliases", Some(&json!({ "actions": actions }))).await?;
        if answer.kind() == Some("invalid_alias_name_exception".to_owned()) {
            return Err(taken(name, name));
        }
        expect(answer, &format!("move the alias `{name}`"))?;
        for generation in existing.generations.iter().filter(|generation| generation.physical != physical) {
            self.discard(generation).await;
        }
        Ok(())
    }

    /// The indexes that a name stands for, each with its uuid; none where nothing holds the name.
    ///
    /// # Errors
    /// Those of the engine.
    pub async fn holders(&self, name: &str) -> Result<Vec<(String, String)>> {
        let parameters = "ignore_unavailable=true&allow_no_indices=true&filter_path=*.settings.index.uuid";
        let path = format!("/{}?{parameters}", segment(name));
        let answer = self.http.json(Method::GET, &path, None).await?;
        let what = format!("show what `{name}` stands for");
        if answer.no_index() {
            return Ok(Vec::new());
        }
        if answer.status == 404 {
            return Err(answer.stray(&what));
        }
        let json = answer.json();
        expect(answer, &what)?;
        let uuid = |found: &Value| found["settings"]["index"]["uuid"].as_str().unwrap_or_default().to_owned();
        Ok(json.as_object().into_iter().flatten().map(|(physical, found)| (physical.clone(), uuid(found))).collect())
    }

    /// Drops a generation that nothing needs any more. One that cannot be dropped does no harm: it is named, and the
    /// next start tries again.
    pub async fn discard(&self, generation: &Generation) {
        if let Err(error) = self.drop_generation(generation).await {
            tracing::warn!(index = %generation.physical, %error, "an index that nothing needs any more stays for now");
        }
    }

    /// That an ingest pipeline is there.
    ///
    /// # Errors
    /// [`Code::PipelineMissing`], and those of the engine.
    pub async fn check_pipeline(&self, index: &str, pipeline: &str) -> Result<()> {
        let answer = self.http.json(Method::GET, &format!("/_ingest/pipeline/{}", segment(pipeline)), None).await?;
        // A name may be a pattern to the engine: only this very name counts.
        match (answer.status, answer.json()) {
            (200, found) if found.get(pipeline).is_some() => Ok(()),
            (200 | 404, Value::Object(_)) if answer.kind().is_none() => Err(Error::coded(
                Code::PipelineMissing,
                format!("the documents of `{index}` go through the ingest pipeline `{pipeline}`, which the engine does not have"),
            )
            .help(format!("make it: PUT /_ingest/pipeline/{pipeline}; or correct `pipeline` in the schema file"))),
            // Who may write need not be allowed to look. Documents wait if it is not there.
            (403, _) => {
                tracing::warn!(%index, %pipeline, "the engine does not tell this user whether the ingest pipeline is there");
                Ok(())
            }
            _ => Err(answer.refusal(&format!("show the ingest pipeline `{pipeline}`"))),
        }
    }

    /// Drops a generation of ours.
    ///
    /// # Errors
    /// Those of the engine; one that is gone already is none.
    pub async fn drop_generation(&self, generation: &Generation) -> Result<()> {
        let answer = self.http.json(Method::DELETE, &format!("/{}", segment(&generation.physical)), None).await?;
        if answer.no_index() { Ok(()) } else { expect(answer, &format!("drop index `{}`", generation.physical)) }
    }
}

/// A name that something else holds.
pub(crate) fn taken(name: &str, holder: &str) -> Error {
    Error::coded(Code::NameTaken, format!("`{name}` is held by index `{holder}`, which something else made"))
        .help("choose another `index` in the schema file, or remove what holds the name")
}

/// An answer that has to be a success.
pub(super) fn expect(answer: Answer, what: &str) -> Result<()> {
    if answer.ok() { Ok(()) } else { Err(answer.refusal(what)) }
}
