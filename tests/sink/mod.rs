//! The runtime's writing side against real engines. In: definitions and documents. Checked: what the engine itself says
//! is in it afterwards, and which error whoever is at fault gets.
#![allow(unreachable_pub)]

mod answers;
mod faults;
mod generations;
mod pipelines;
mod scans;
mod state;
mod writes;

use crate::support::engine::request;
use pgsync_plan::IndexDefinition;
use pgsync_runtime::internals::Version;
use pgsync_runtime::internals::fetch::Documents;
use pgsync_runtime::internals::settings::{EngineAuth, EngineSettings};
use pgsync_runtime::internals::sink::{Engine, Generation, MaxVersion, Owner, Target, Writer};
use reqwest::Method;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::time::Duration;

/// The slot that the tests' generations name.
pub const SLOT: &str = "sink2_slot";

/// Who feeds the tests' generations.
pub fn owner() -> Owner {
    let text = str::to_owned;
    Owner {
        system_identifier: text("73"),
        database: text("shop"),
        slot: text(SLOT),
        host: text("db:5432"),
        ..Owner::default()
    }
}

/// An engine under test, a name on it that nothing else uses, and what is needed to ask it.
pub struct Bench {
    pub base: String,
    pub name: String,
    pub engine: Engine,
}

/// Settings as a user has them who sets nothing but the address.
pub fn settings(url: &str, name: &str) -> EngineSettings {
    EngineSettings {
        url: url.to_owned(),
        auth: EngineAuth::None,
        verify_certs: true,
        ca_certs: None,
        client: None,
        timeout: Duration::from_secs(30),
        max_chunk_bytes: 8 << 20,
        chunk_size: 5000,
        in_flight: 4,
        opaque_id: None,
        state_index: format!("{name}-state"),
        checkpoint: pgsync_runtime::internals::settings::CheckpointSettings::Index,
    }
}

/// What a schema file would give.
pub fn definition(settings: Value) -> IndexDefinition {
    let mut settings = settings;
    settings["index"]["number_of_replicas"] = json!(0);
    IndexDefinition {
        settings,
        mappings: json!({ "properties": { "n": { "type": "long" }, "gone": { "type": "boolean" } } }),
        fingerprint: "0123456789abcdef".to_owned(),
        identity: r#"{"mappings":{"n":"long"}}"#.to_owned(),
        needs: Vec::new(),
    }
}

/// Documents of a version, from `_id` and body; no body deletes.
pub fn documents<'a>(version: u64, list: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Documents {
    let mut documents = Documents::new(Version(version));
    for (id, body) in list {
        match body {
            Some(body) => {
                let write = |buffer: &mut Vec<u8>| {
                    buffer.extend_from_slice(body.as_bytes());
                    Ok::<(), Infallible>(())
                };
                let Ok(()) = documents.index(id.as_bytes(), write);
            }
            None => documents.delete(id.as_bytes()),
        }
    }
    documents
}

impl Bench {
    /// Removes what an earlier run left under this name.
    pub async fn new(base: String, name: &str) -> Self {
        let name = format!("sink2-{name}");
        let path = format!("/_cat/indices/{name}*?format=json&expand_wildcards=all");
        let (_, listed) = request(&base, Method::GET, &path, None).await;
        for index in listed.as_array().into_iter().flatten() {
            let path = format!("/{}", index["index"].as_str().unwrap());
            assert_eq!(request(&base, Method::DELETE, &path, None).await.0, 200, "{path}");
        }
        let engine = Engine::connect(&settings(&base, &name)).await.unwrap();
        Self { base, name, engine }
    }

    /// A request whose success the test relies on.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let (status, json) = request(&self.base, method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {json}");
        json
    }

    /// Whether the engine knows this path.
    pub async fn has(&self, path: &str) -> bool {
        request(&self.base, Method::GET, path, None).await.0 == 200
    }

    /// Source and version of a document.
    pub async fn document(&self, generation: &Generation, id: &str) -> Option<(Value, u64)> {
        let path = format!("/{}/_doc/{id}", generation.physical);
        let (status, json) = request(&self.base, Method::GET, &path, None).await;
        (status == 200).then(|| (json["_source"].clone(), json["_version"].as_u64().unwrap()))
    }

    /// The first generation, and a writer to it under a log that ends at `end`.
    pub async fn filled(&self, definition: &IndexDefinition, end: u64) -> (Generation, Writer) {
        let generation = self.engine.create(&self.name, definition, 1, &owner()).await.unwrap();
        let target = Target { physical: generation.physical.clone(), ..Target::default() };
        let ceiling = MaxVersion::new(move || async move { Ok(Version(end)) });
        let writer = self.engine.writer(&target, ceiling);
        (generation, writer)
    }
}

/// Runs a test on both engines, each under a name of its own.
macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod opensearch {
            crate::sink::on_engine!(opensearch, "", $($test),*);
        }
        mod elasticsearch {
            crate::sink::on_engine!(elasticsearch, "", $($test),*);
        }
    };
}

/// Runs a test on both engines, and on whichever engine's turn it is.
macro_rules! on_every_engine {
    ($($test:ident),* $(,)?) => {
        crate::sink::on_both_engines!($($test),*);
        mod smoke {
            crate::sink::on_engine!(engine_in_turn, "smoke-", $($test),*);
        }
    };
}

macro_rules! on_engine {
    ($engine:ident, $prefix:literal, $($test:ident),*) => {
        $(#[tokio::test]
        async fn $test() {
            let base = crate::support::servers::$engine();
            let name = format!("{}{}", $prefix, stringify!($test).replace('_', "-"));
            super::$test(crate::sink::Bench::new(base, &name).await).await;
        })*
    };
}
use {on_both_engines, on_engine, on_every_engine};
