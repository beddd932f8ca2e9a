//! What `verify` must not say: nothing of what is on its way, nothing of what is refused, nothing beyond its memory. And the
//! audit, which says it by itself.

use super::*;
use crate::support::servers;
use std::time::Instant;

/// No change that is on its way is ever called a difference.
#[tokio::test(flavor = "multi_thread")]
async fn verify_is_quiet_while_everything_changes() {
    let site = site("verify_quiet", servers::opensearch(), true).await;
    let process = follow(&site, &[]);
    site.converges(&process).await;
    let writers = [Writer::start(&site).await, Writer::start(&site).await];
    for round in 0..10 {
        if round == 5 {
            // A wide change: every document of an author, and a transaction of many rows.
            site.database.run("UPDATE author SET name = name || '!'; UPDATE item SET price = price + 1").await;
        }
        let (code, found, sum) = verify(&site, &[]);
        assert_eq!((code, found.len()), (0, 0), "round {round}: {found:#?} {sum}");
        println!("{sum}");
    }
    let mut statements = 0;
    for writer in writers {
        statements += writer.stop().await;
    }
    println!("{statements} statements meanwhile");
    site.converges(&process).await;
    finish(&site, process);
}

/// A hundred megabytes of documents, some of them of megabytes, in the memory of a load.
#[tokio::test(flavor = "multi_thread")]
async fn verify_takes_bounded_memory() {
    let site = site("verify_memory", servers::opensearch(), false).await;
    site.database
        .run(
            "INSERT INTO item (id, title, note, region) SELECT n, 'large', repeat('0123456789', 1000), 'r1' FROM generate_series(1000, 9000) n;
             INSERT INTO item (id, title, note, region) SELECT n, 'huge', repeat('0123456789', 500000), 'r1' FROM generate_series(10001, 10004) n;",
        )
        .await;
    let process = follow(&site, &[]);
    // Every document differs, and every one is settled.
    let by_query = json!({ "query": { "match_all": {} }, "script": { "source": "ctx._source.more = 1" } });
    let path = format!("/{}/_update_by_query?refresh=true&conflicts=proceed", site.index);
    let (status, answer) = request(&site.engine, Method::POST, &path, Some(&by_query)).await;
    assert_eq!(status, 200, "{answer}");
    let verifying = start(&site, &["verify", "--json"], &[]);
    let mut peak = 0;
    let end = Instant::now() + Duration::from_secs(180);
    while verifying.lines().iter().all(|line| !line.contains("\"summary\"")) && Instant::now() < end {
        let status = std::fs::read_to_string(format!("/proc/{}/status", verifying.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak =
            peak.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (status, said) = verifying.wait(LIMIT);
    let found = said.iter().filter(|line| line.contains("\"/more\"")).count();
    println!("{peak} MB, {found} documents");
    assert_eq!((status.code(), found), (Some(1), 8305), "{}", said.iter().rev().take(3).cloned().collect::<String>());
    assert!(peak < 200, "{peak} MB");
    finish(&site, process);
}

/// What is refused is counted and not called wrong. An ingest pipeline of the engine is gone through.
#[tokio::test(flavor = "multi_thread")]
async fn verify_knows_what_is_refused_and_what_a_pipeline_does() {
    let site = site("verify_refused", servers::opensearch(), false).await;
    let pipeline = format!("{}-pipeline", site.index);
    let processors = json!({ "processors": [
        { "set": { "field": "added", "value": 1.50 } },
        { "drop": { "if": "ctx.title == 'drop'" } },
    ] });
    let (status, answer) =
        request(&site.engine, Method::PUT, &format!("/_ingest/pipeline/{pipeline}"), Some(&processors)).await;
    assert_eq!(status, 200, "{answer}");
    let path = site.directory.path().join("schema.json");
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    schema[0]["pipeline"] = pipeline.into();
    std::fs::write(&path, schema.to_string()).unwrap();
    let process = follow(&site, &[]);
    site.database
        .run(
            "UPDATE item SET title = 'drop' WHERE id IN (3, 4);
             UPDATE item SET data = '{\"x\": {\"y\": {\"no\": \"number\"}}}' WHERE id = 5;",
        )
        .await;
    let (code, found, sum) = verify(&site, &[]);
    assert_eq!((code, found.len(), &sum["quarantined"]), (0, 0, &json!(1)), "{found:#?} {sum}");
    // A document that the pipeline drops is extra, whoever brings it back.
    let kept = json!({ "id": 3, "title": "drop" });
    for (id, body) in [("3", &kept), ("7", &json!({ "id": 7 }))] {
        let path = format!("/{}/_doc/{id}?refresh=true&pipeline=_none", site.physical().await);
        let (status, answer) = request(&site.engine, Method::PUT, &path, Some(body)).await;
        assert!(status < 300, "{answer}");
    }
    let (code, found, sum) = verify(&site, &["--repair"]);
    let told: Vec<_> = found.iter().map(|one| (one["id"].as_str().unwrap(), one["kind"].as_str().unwrap())).collect();
    assert_eq!(code, 0, "{found:#?} {sum}");
    assert!(told.len() == 2 && told.contains(&("3", "extra")) && told.contains(&("7", "different")), "{found:#?}");
    assert!(found.iter().any(|one| one["why"] == "left_out"), "{found:#?}");
    let seven = get(&site, "7", "").await;
    assert_eq!(seven["_source"]["added"], 1.5, "{seven}");
    finish(&site, process);
}

/// `run` looks by itself, says what it has found once it is sure, and changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_audit_says_what_it_finds() {
    let site = site("verify_audit", servers::opensearch(), true).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let process = start(&site, &["run", "-b", "--listen", &address], &[("PGSYNC_AUDIT", "0.05")]);
    process.wait_for(FOLLOWS, LIMIT);
    let url = format!("http://{address}");
    let audited = async |least: u64| {
        let end = Instant::now() + 2 * LIMIT;
        loop {
            let report = request(&url, Method::GET, "/healthz", None).await.1;
            let audit = report["audit"].clone();
            if audit["documents"].as_u64().unwrap_or(0) >= least && audit["listed"].as_u64().unwrap_or(0) >= least {
                return audit;
            }
            assert!(Instant::now() < end, "{report}\n{}", process.lines().join("\n"));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let writer = Writer::start(&site).await;
    let audit = audited(400).await;
    assert_eq!(audit["different"], 0, "{audit}\n{}", process.lines().join("\n"));
    let body = json!({ "doc": { "title": "somebody else's secret" } });
    let path = format!("/{}/_update/17?routing=r3", site.index);
    assert_eq!(request(&site.engine, Method::POST, &path, Some(&body)).await.0, 200);
    let said = process.wait_for("is not what its row says", LIMIT);
    assert!(said.contains("17") && said.contains("/title") && !said.contains("secret"), "{said}");
    writer.stop().await;
    let seen = audited(audit["documents"].as_u64().unwrap()).await;
    assert!(seen["different"].as_u64().unwrap() >= 1, "{seen}");
    let (_, said) = start(&site, &["status", "--json"], &[]).wait(LIMIT);
    let status: Value = said.iter().find_map(|line| serde_json::from_str(line).ok()).unwrap();
    assert!(status["audit"]["wrong"].as_u64().unwrap() >= 1, "{status}");
    assert_eq!(get(&site, "17", "r3").await["_source"]["title"], "somebody else's secret", "it puts nothing right");
    finish(&site, process);
}

/// Wrong usage is told apart from a difference.
#[tokio::test(flavor = "multi_thread")]
async fn verify_says_what_it_cannot_compare() {
    let site = site("verify_usage", servers::opensearch(), false).await;
    for (arguments, code, said) in [
        (&["verify", "--index", "nothing"][..], 2, "the schema has no index `nothing`"),
        (&["verify", "--sample", "0"], 2, "sample"),
        (&["verify", "--limit", "5", "--sample", "5"], 2, "cannot be used with"),
        (&["verify"], 1, "error[P0903]"),
    ] {
        let (status, lines) = start(&site, arguments, &[]).wait(LIMIT);
        let lines = lines.join("\n");
        assert!(status.code() == Some(code) && lines.contains(said), "{arguments:?}: {status} {lines}");
    }
}
