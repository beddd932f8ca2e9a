//! What of an engine stands in the way. In: settings and a program. Out: findings. It asks, and writes nothing.

use super::engine::Engine;
use super::http::{Answer, Http};
use crate::doctor::Finding;
use crate::settings::{CheckpointSettings, EngineSettings};
use crate::state::StatePlace;
use crate::{Code, Result};
use pgsync_plan::{EngineFamily, Program};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// How often is asked who answers: a balancer before two clusters shows both.
const ASKS: usize = 4;

/// Looks at everything. A look that fails is a finding itself.
pub(crate) async fn examine(settings: &EngineSettings, program: &Program) -> Vec<Finding> {
    let engine = match Engine::connect(settings).await {
        Ok(engine) => engine,
        Err(error) => return vec![Finding::of_error("engine", &error)],
    };
    let mut findings = vec![Finding::note("engine", engine.to_string(), "Elasticsearch 7 to 9, OpenSearch 1 to 3")];
    let state = async { StatePlace::of(&engine)?.reach().await };
    if let Err(error) = state.await {
        findings.push(Finding::of_error("state", &error));
    }
    match who_answers(settings).await {
        Ok(answers) => findings.extend(one_cluster(&answers)),
        Err(error) => findings.push(Finding::of_error("engine", &error)),
    }
    if let Ok(answer) = engine.http.json(Method::GET, "/_cluster/health", None).await {
        findings.extend(health(&answer.json()));
    }
    let cluster =
        engine.http.json(Method::GET, "/_cluster/settings?include_defaults=true&flat_settings=true", None).await;
    let cluster = cluster.map(|answer| effective(&answer.json())).unwrap_or_default();
    findings.extend(blocks(&cluster));
    if let Ok(answer) = engine.http.json(Method::GET, "/_nodes/stats/fs", None).await {
        findings.extend(disks(&answer.json(), &cluster));
    }
    for (document, definition) in program.plan.documents.iter().zip(&program.indexes) {
        if let Err(error) = engine.check_definition(&document.index, definition) {
            findings.push(Finding::of_error("mapping", &error));
        }
        if let Some(pipeline) = &document.pipeline
            && let Err(error) = engine.check_pipeline(&document.index, pipeline).await
        {
            findings.push(Finding::of_error("pipeline", &error));
        }
        match engine.inspect(&document.index).await {
            Err(error) => findings.push(Finding::of_error("index", &error)),
            Ok(existing) => {
                if let Some(holder) = existing.foreign {
                    findings.push(Finding::of_error("index", &super::taken(&document.index, &holder)));
                }
            }
        }
        findings.extend(versions(&engine, &document.index).await);
    }
    findings.extend(rights(&engine, program).await);
    findings
}

/// Node, cluster and its number, by several connections.
async fn who_answers(settings: &EngineSettings) -> Result<BTreeSet<[String; 3]>> {
    let mut answers = BTreeSet::new();
    for _ in 0..ASKS {
        // A client of its own: one would ask on one connection.
        let answer = Http::new(settings)?.json(Method::GET, "/", None).await?.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        answers.insert([text(&answer["cluster_uuid"]), text(&answer["cluster_name"]), text(&answer["name"])]);
    }
    Ok(answers)
}

fn one_cluster(answers: &BTreeSet<[String; 3]>) -> Vec<Finding> {
    let clusters: BTreeSet<&str> = answers.iter().map(|[uuid, ..]| uuid.as_str()).collect();
    let named: Vec<String> =
        answers.iter().map(|[uuid, cluster, node]| format!("node `{node}` of cluster `{cluster}` ({uuid})")).collect();
    if clusters.len() > 1 {
        let found = format!("the address leads to several clusters: {}", named.join(", "));
        let finding = Finding::in_the_way("engine_address", found, "one cluster: documents would go to either of them");
        return vec![finding.mend("name one of them in ELASTICSEARCH_URL, or correct what stands before them")];
    }
    if clusters.contains("_na_") {
        let needed = "a cluster that has formed: it takes no writes, and may yet become another one";
        return vec![Finding::in_the_way("engine_address", "the cluster has no number yet", needed)];
    }
    Vec::new()
}

fn health(health: &Value) -> Option<Finding> {
    let found = "the cluster is red: shards are missing";
    let needed = "a cluster that is yellow or green; an index whose shards are missing takes no writes";
    (health["status"] == "red")
        .then(|| Finding::risk("cluster", found, needed).mend("GET /_cluster/allocation/explain"))
}

/// What holds of all settings of a cluster.
fn effective(settings: &Value) -> Map<String, Value> {
    let mut effective = Map::new();
    for part in ["defaults", "persistent", "transient"] {
        effective.extend(settings[part].as_object().cloned().unwrap_or_default());
    }
    effective
}

fn blocks(cluster: &Map<String, Value>) -> Vec<Finding> {
    let set = |name: &str| cluster.get(name).is_some_and(|value| value == "true" || *value == json!(true));
    let mut findings = Vec::new();
    for name in ["cluster.blocks.read_only", "cluster.blocks.read_only_allow_delete"] {
        if set(name) {
            let mend = format!("PUT /_cluster/settings {{\"persistent\": {{\"{name}\": null}}}}");
            findings.push(
                Finding::in_the_way("read_only", format!("{name} is true"), "a cluster that takes writes").mend(mend),
            );
        }
    }
    if let Some(value) = cluster.get("action.auto_create_index").and_then(Value::as_str)
        && !matches!(value, "true" | "")
    {
        let needed = "nothing: indexes are made by name, never by a write";
        findings.push(Finding::note("auto_create_index", format!("action.auto_create_index is `{value}`"), needed));
    }
    findings
}

/// Disks, held against the stages at which an engine stops to put shards on them, and at last makes indexes read-only.
fn disks(stats: &Value, cluster: &Map<String, Value>) -> Vec<Finding> {
    let mark = |name: &str| {
        let name = format!("cluster.routing.allocation.disk.watermark.{name}");
        cluster.get(&name).and_then(Value::as_str).map(str::to_owned)
    };
    let mut findings = Vec::new();
    for node in stats["nodes"].as_object().into_iter().flat_map(Map::values) {
        let (name, disk) = (node["name"].as_str().unwrap_or("?"), &node["fs"]["total"]);
        let (Some(total), Some(free)) = (disk["total_in_bytes"].as_u64(), disk["available_in_bytes"].as_u64()) else {
            continue;
        };
        let passed = |stage: &str| mark(stage).is_some_and(|mark| is_passed(&mark, total, free));
        let found = format!("the disk of node `{name}` has {free} of {total} bytes left");
        let mend = "make room, or raise the stages (cluster.routing.allocation.disk.watermark.*)";
        let finding = if passed("flood_stage") {
            Finding::in_the_way(
                "disk",
                found,
                "more than the flood stage leaves: indexes with a shard there take no writes",
            )
        } else if passed("high") {
            Finding::risk("disk", found, "more than the high stage leaves: shards are moved away")
        } else if passed("low") {
            Finding::risk(
                "disk",
                found,
                "more than the low stage leaves: no new shard is put there, so a load may not begin",
            )
        } else {
            continue;
        };
        findings.push(finding.mend(mend));
    }
    findings
}

/// Whether a disk is fuller than a stage, which is a share that is used or what is left in bytes.
fn is_passed(mark: &str, total: u64, free: u64) -> bool {
    if let Some(percent) = mark.strip_suffix('%').and_then(|number| number.parse::<f64>().ok()) {
        return (total - free.min(total)) as f64 * 100.0 > total as f64 * percent;
    }
    let mark = mark.to_ascii_lowercase();
    let units = [("tb", 40), ("gb", 30), ("mb", 20), ("kb", 10), ("b", 0)];
    let left = units.iter().find_map(|(unit, shift)| {
        Some(
            mark.strip_suffix(unit)?.parse::<f64>().ok()?
                * f64::from(1 << shift.min(&30))
                * if *shift > 30 { 1024.0 } else { 1.0 },
        )
    });
    left.is_some_and(|left| (free as f64) < left)
}

/// A delete that is forgotten at once lets a write that is late bring the document back.
async fn versions(engine: &Engine, index: &str) -> Vec<Finding> {
    let name = super::http::segment(index);
    let path = format!(
        "/{name}-*/_settings/index.gc_deletes?flat_settings=true&allow_no_indices=true&ignore_unavailable=true"
    );
    let Ok(answer) = engine.http.json(Method::GET, &path, None).await else { return Vec::new() };
    let json = answer.json();
    let found = json.as_object().into_iter().flatten().filter_map(|(physical, found)| {
        let kept = found["settings"]["index.gc_deletes"].as_str()?;
        let short = kept.strip_suffix("ms").is_some() || ["0", "-1"].contains(&kept.trim_end_matches('s'));
        short.then(|| {
            let found = format!("index `{physical}` forgets deletes after {kept}");
            let finding = Finding::risk(
                "versions",
                found,
                "index.gc_deletes of 60s or more: a late write brings a deleted document back",
            );
            finding.mend(format!("PUT /{physical}/_settings {{\"index.gc_deletes\": \"10m\"}}"))
        })
    });
    found.collect()
}

/// What the user may do, where the engine can be asked that without doing it.
async fn rights(engine: &Engine, program: &Program) -> Option<Finding> {
    let about = "rights";
    if engine.family() != EngineFamily::Elasticsearch {
        let found = "this engine cannot be asked what a user may do";
        return Some(Finding::note(
            about,
            found,
            "manage, read and write on the indexes, their generations, the state and the quarantine",
        ));
    }
    let mut names: Vec<String> = program
        .plan
        .documents
        .iter()
        .flat_map(|document| [document.index.clone(), format!("{}-*", document.index)])
        .collect();
    let state = engine.state_name();
    // Refused documents stand in the engine wherever the state is.
    names.push(format!("{state}-*"));
    if matches!(engine.checkpoint(), CheckpointSettings::Index) {
        names.push(state.to_owned());
    }
    let body = json!({ "index": [{ "names": names, "privileges": ["read", "write", "manage"] }] });
    let answer = engine.http.json(Method::POST, "/_security/user/_has_privileges", Some(&body)).await.ok()?;
    lacked(&answer)
}

fn lacked(answer: &Answer) -> Option<Finding> {
    // Without security there is nobody to ask.
    if !answer.ok() || answer.json()["has_all_requested"] != json!(false) {
        return None;
    }
    let json = answer.json();
    let indexes = json["index"].as_object().cloned().unwrap_or_default();
    let lacked: Vec<String> = indexes
        .iter()
        .filter_map(|(name, rights)| {
            let missing: Vec<&str> = rights
                .as_object()?
                .iter()
                .filter(|(_, has)| **has == json!(false))
                .map(|(right, _)| right.as_str())
                .collect();
            (!missing.is_empty()).then(|| format!("{} on `{name}`", missing.join(", ")))
        })
        .collect();
    let finding =
        Finding::in_the_way("rights", format!("the user lacks {}", lacked.join("; ")), Code::EngineRights.meaning());
    Some(finding.mend(Code::EngineRights.next_step()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abouts(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.about).collect()
    }

    #[test]
    fn two_clusters_behind_one_address_are_found() {
        let answer = |uuid: &str, node: &str| [uuid.to_owned(), "search".to_owned(), node.to_owned()];
        assert!(one_cluster(&[answer("u1", "a"), answer("u1", "b")].into()).is_empty(), "nodes of one cluster");
        let found = one_cluster(&[answer("u1", "a"), answer("u2", "a")].into());
        assert!(abouts(&found) == ["engine_address"] && found[0].found.contains("(u1)"), "{found:?}");
        assert_eq!(abouts(&one_cluster(&[answer("_na_", "a")].into())), ["engine_address"]);
    }

    #[test]
    fn a_disk_is_held_against_each_stage() {
        let gb = 1 << 30;
        for (mark, total, free, passed) in [
            ("85%", 100, 20, false),
            ("85%", 100, 10, true),
            ("10gb", 100 * gb, 11 * gb, false),
            ("10gb", 100 * gb, 9 * gb, true),
            ("1.5tb", 4096 * gb, 1500 * gb, true),
            ("1.5tb", 4096 * gb, 1600 * gb, false),
            ("500mb", gb, 400 << 20, true),
            ("nonsense", 100, 0, false),
        ] {
            assert_eq!(is_passed(mark, total, free), passed, "{mark} {free} of {total}");
        }
        let stats = |free: u64| json!({ "nodes": { "x": { "name": "a", "fs": { "total": { "total_in_bytes": 100, "available_in_bytes": free } } } } });
        let settings = effective(&json!({
            "defaults": {
                "cluster.routing.allocation.disk.watermark.low": "85%",
                "cluster.routing.allocation.disk.watermark.high": "90%",
                "cluster.routing.allocation.disk.watermark.flood_stage": "95%",
            },
            "transient": { "cluster.routing.allocation.disk.watermark.low": "80%" },
        }));
        for (free, words) in [(50, ""), (18, "the low stage"), (9, "the high stage"), (4, "the flood stage")] {
            let found = disks(&stats(free), &settings);
            assert!(found.first().map_or("", |finding| finding.needed.as_str()).contains(words), "{found:?}");
            assert_eq!(found.is_empty(), words.is_empty(), "{found:?}");
        }
    }

    #[test]
    fn what_makes_a_cluster_read_only_is_found() {
        let settings =
            json!({ "persistent": { "cluster.blocks.read_only": "true", "action.auto_create_index": "logs-*" } });
        assert_eq!(abouts(&blocks(&effective(&settings))), ["read_only", "auto_create_index"]);
        assert!(blocks(&effective(&json!({ "defaults": { "cluster.blocks.read_only": "false" } }))).is_empty());
    }

    #[test]
    fn rights_that_are_lacked_are_named() {
        let answer = |body: Value| Answer { status: 200, body: body.to_string().into() };
        let found = lacked(&answer(json!({
            "has_all_requested": false,
            "index": { "book": { "read": true, "write": false, "manage": false }, "book-*": { "read": true } },
        })));
        assert!(found.is_some_and(|finding| finding.found == "the user lacks write, manage on `book`"));
        assert!(lacked(&answer(json!({ "has_all_requested": true }))).is_none());
        let unknown = Answer { status: 400, body: "{\"error\":\"no handler found\"}".into() };
        assert!(lacked(&unknown).is_none());
    }
}
