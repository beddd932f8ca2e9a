//! What others do to an index.

use super::*;
use crate::support::servers;
use crate::support::site::FILLED;
use std::collections::BTreeMap;

/// What is to be found: `_id`, routing, kind, field, reason; an empty word stands for any.
type Wanted = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// As far as versions go.
const FUTURE: u64 = 4_000_000_000_000_000_000;

struct Hand<'a> {
    site: &'a Site,
    physical: String,
}

impl Hand<'_> {
    async fn send(&self, method: Method, id: &str, parameters: &str, body: Option<&Value>) {
        let path = format!("/{}/_doc/{id}?refresh=true{parameters}", self.physical);
        let (status, answer) = request(&self.site.engine, method, &path, body).await;
        assert!((200..300).contains(&status), "{id}: {status} {answer}");
    }

    /// Writes another body at the version that stands there.
    async fn change(&self, id: u32, edit: impl FnOnce(&mut Value)) {
        let (id, routing) = (id.to_string(), format!("r{}", id % 7));
        let mut found = get(self.site, &id, &routing).await;
        let version = found["_version"].as_u64().unwrap_or_else(|| panic!("{found}"));
        edit(&mut found["_source"]);
        let parameters = format!("&routing={routing}&version={version}&version_type=external_gte");
        self.send(Method::PUT, &id, &parameters, Some(&found["_source"])).await;
    }
}

/// Twenty-four ways of doing it.
async fn corrupt(hand: &Hand<'_>) -> Vec<Wanted> {
    let site = hand.site;
    // Gone, by a version of the engine's own, and by one just above ours.
    hand.send(Method::DELETE, "1", "&routing=r1", None).await;
    let version = get(site, "2", "r2").await["_version"].as_u64().unwrap() + 1;
    hand.send(Method::DELETE, "2", &format!("&routing=r2&version={version}&version_type=external"), None).await;
    // Never written by us: a key that there is not, what is no key at all, and one from the future.
    let stranger = json!({ "id": 900_001, "title": "stranger" });
    hand.send(Method::PUT, "900001", "&routing=r1", Some(&stranger)).await;
    hand.send(Method::PUT, "no%20number%20%7C%20x", "&routing=r2", Some(&json!({ "title": "junk" }))).await;
    hand.send(Method::PUT, "900002", &format!("&routing=r3&version={FUTURE}&version_type=external"), Some(&stranger))
        .await;
    hand.change(6, |found| found["title"] = "other words".into()).await;
    hand.change(7, |found| found["author"]["name"] = "nobody".into()).await;
    hand.change(8, |found| found["tags"] = json!(["b", "a", "c8"])).await;
    hand.change(9, |found| found["price"] = 9.26.into()).await;
    let update = json!({ "doc": { "title": "updated" } });
    let path = format!("/{}/_update/10?routing=r3", hand.physical);
    assert_eq!(request(&site.engine, Method::POST, &path, Some(&update)).await.0, 200);
    request(&site.engine, Method::POST, &format!("/{}/_refresh", hand.physical), None).await;
    let by_query =
        json!({ "query": { "term": { "id": 11 } }, "script": { "source": "ctx._source.title = 'by query'" } });
    let path = format!("/{}/_update_by_query?refresh=true", hand.physical);
    let (status, answer) = request(&site.engine, Method::POST, &path, Some(&by_query)).await;
    assert_eq!((status, &answer["updated"]), (200, &json!(1)), "{answer}");
    // From the future: other words, and the right ones.
    for id in ["12", "13"] {
        let routing = if id == "12" { "r5" } else { "r6" };
        let mut found = get(site, id, routing).await["_source"].clone();
        if id == "12" {
            found["title"] = "future".into();
        }
        hand.send(Method::PUT, id, &format!("&routing={routing}&version={FUTURE}&version_type=external"), Some(&found))
            .await;
    }
    // A copy under another routing, on whatever shard that is.
    let copy = get(site, "14", "r0").await["_source"].clone();
    hand.send(Method::PUT, "14", "&routing=elsewhere", Some(&copy)).await;
    hand.change(15, |found| drop(found.as_object_mut().unwrap().remove("note"))).await;
    hand.change(16, |found| found["more"] = Value::Null).await;
    hand.change(17, |found| found["data"]["x"]["z"] = json!([])).await;
    hand.change(18, |found| found["tags"] = json!(["a", "b"])).await;
    hand.change(19, |found| found["price"] = "19.25".into()).await;
    hand.change(20, |found| found["data"]["t"] = false.into()).await;
    hand.change(21, |found| *found = json!({})).await;
    hand.change(22, |found| found["data"]["x"]["y"][1] = 2.500_01.into()).await;
    hand.change(23, |found| found["author"] = Value::Null).await;
    hand.change(24, |found| found["region"] = "r4".into()).await;
    vec![
        ("1", "r1", "missing", "", "unknown"),
        ("2", "r2", "missing", "", "unknown"),
        ("900001", "r1", "extra", "", "foreign_version"),
        ("no number | x", "r2", "extra", "", ""),
        ("900002", "r3", "extra", "", "future_version"),
        ("6", "r6", "different", "/title", "our_version"),
        ("7", "r0", "different", "/author/name", "our_version"),
        ("8", "r1", "different", "/tags", ""),
        ("9", "r2", "different", "/price", ""),
        ("10", "r3", "different", "/title", ""),
        ("11", "r4", "different", "/title", ""),
        ("12", "r5", "different", "/title", "future_version"),
        ("13", "r6", "different", "", "future_version"),
        ("14", "elsewhere", "extra", "", "other_routing"),
        ("15", "r1", "different", "/note", ""),
        ("16", "r2", "different", "/more", ""),
        ("17", "r3", "different", "/data/x/z", ""),
        ("18", "r4", "different", "/tags/2", ""),
        ("19", "r5", "different", "/price", ""),
        ("20", "r6", "different", "/data/t", ""),
        ("21", "r0", "different", "/title", ""),
        ("22", "r1", "different", "/data/x/y/1", ""),
        ("23", "r2", "different", "/author", ""),
        ("24", "r3", "different", "/region", ""),
    ]
}

/// Whether what was found is what was wanted, and nothing else.
fn are(found: &[Value], wanted: &[Wanted]) {
    let mut left: BTreeMap<(String, String), &Value> = found
        .iter()
        .map(|one| {
            ((one["id"].as_str().unwrap().to_owned(), one["routing"].as_str().unwrap_or_default().to_owned()), one)
        })
        .collect();
    assert_eq!(left.len(), found.len(), "one is told twice: {found:#?}");
    for (id, routing, kind, path, why) in wanted {
        let one = left.remove(&((*id).to_owned(), (*routing).to_owned()));
        // A copy that meets the document on its shard takes its place: mended, the document has taken it back.
        if one.is_none() && *id == "14" && left.contains_key(&("14".to_owned(), "r0".to_owned())) {
            continue;
        }
        let one = one.unwrap_or_else(|| panic!("{id} under {routing} is not found: {found:#?}"));
        assert_eq!(one["kind"], *kind, "{one}");
        assert!(
            path.is_empty() || one["fields"].as_array().unwrap().iter().any(|field| field["path"] == *path),
            "{one}"
        );
        assert!(why.is_empty() || one["why"] == *why, "{one}");
    }
    // The document itself, where the copy has the same shard.
    left.remove(&("14".to_owned(), "r0".to_owned()));
    assert!(left.is_empty(), "these are found too: {left:#?}");
}

async fn found_and_mended(name: &str, engine: String) {
    let site = site(name, engine, true).await;
    let process = follow(&site, &[]);
    site.converges(&process).await;
    let (code, found, sum) = verify(&site, &[]);
    assert_eq!((code, found.len()), (0, 0), "{found:?} {sum}");
    assert!(sum["documents"] == 300 && sum["listed"] == 300, "{sum}");
    let writer = Writer::start(&site).await;
    let hand = Hand { site: &site, physical: site.physical().await };
    let wanted = corrupt(&hand).await;

    let (code, found, sum) = verify(&site, &[]);
    assert_eq!(code, 1, "{sum}");
    are(&found, &wanted);
    assert!(!found.iter().any(|one| one.to_string().contains("other words")), "values are not told: {found:?}");
    let order = found.iter().find(|one| one["id"] == "8").unwrap();
    assert_eq!(order["fields"][0]["order"], true, "{order}");
    let (_, found, _) = verify(&site, &["--values", "--id", "6"]);
    assert_eq!(found[0]["fields"][0]["index_value"], "\"other words\"", "{found:?}");

    let (code, found, sum) = verify(&site, &["--repair"]);
    assert_eq!(code, 0, "{found:#?} {sum}");
    are(&found, &wanted);
    assert!(found.iter().all(|one| one["mended"] == true), "{found:#?}");
    let (code, found, sum) = verify(&site, &[]);
    assert_eq!((code, found.len()), (0, 0), "{found:#?} {sum}");
    let path = format!("/{}/_settings/index.gc_deletes", hand.physical);
    let (_, settings) = request(&site.engine, Method::GET, &path, None).await;
    assert_eq!(settings[&hand.physical]["settings"]["index"]["gc_deletes"], "10m", "{settings}");
    let statements = writer.stop().await;
    println!("{statements} statements meanwhile");
    assert!(statements > 100);

    // What comes later arrives where it was mended, and where it must not have left a version behind.
    site.database
        .run(
            "UPDATE item SET title = 'later ' || id, region = 'r' || (id + 1) % 7 WHERE id <= 30;
             INSERT INTO item (id, title, region) VALUES (900001, 'mine', 'r1'), (900002, 'mine', 'r3');",
        )
        .await;
    site.converges(&process).await;
    site.database.run("DELETE FROM item WHERE id IN (1, 2, 12, 13, 900001)").await;
    site.converges(&process).await;
    assert_eq!(process.lines().iter().filter(|line| line.contains(FILLED)).count(), 1, "nothing was loaded anew");
    finish(&site, process);
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_finds_and_mends_what_others_do_on_opensearch() {
    found_and_mended("verify_open", servers::opensearch()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_finds_and_mends_what_others_do_on_elasticsearch() {
    found_and_mended("verify_elastic", servers::elasticsearch()).await;
}

/// Where nobody follows, it is said, and what is wrong is found and mended all the same; the next run goes on.
#[tokio::test(flavor = "multi_thread")]
async fn verify_where_nobody_follows() {
    let site = site("verify_nobody", servers::opensearch(), true).await;
    let process = follow(&site, &[]);
    site.converges(&process).await;
    crate::support::site::stop(process);
    let (code, found, sum) = verify(&site, &[]);
    assert_eq!((code, found.len()), (0, 0), "{found:?} {sum}");
    for arguments in [&["--sample", "40"][..], &["--limit", "40"], &["--id", "17", "--id", "no such"]] {
        let (code, found, sum) = verify(&site, arguments);
        let looked = sum["documents"].as_u64().unwrap();
        assert!(code == 0 && found.is_empty() && (1..=40).contains(&looked), "{arguments:?}: {found:?} {sum}");
    }
    site.database.run("UPDATE item SET title = 'not followed yet' WHERE id = 200").await;
    let hand = Hand { site: &site, physical: site.physical().await };
    let mut wanted = corrupt(&hand).await;
    wanted.push(("200", "r4", "different", "/title", "our_version"));
    let (code, found, sum) = verify(&site, &["--repair"]);
    assert_eq!(code, 0, "{found:#?} {sum}");
    are(&found, &wanted);
    let (code, found, sum) = verify(&site, &[]);
    assert_eq!((code, found.len()), (0, 0), "{found:#?} {sum}");
    let process = follow(&site, &[]);
    site.database.run("UPDATE item SET title = 'later ' || id WHERE id <= 30 OR id = 200").await;
    site.converges(&process).await;
    finish(&site, process);
}
