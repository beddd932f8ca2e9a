//! A set-up of ours that nothing uses any more: its slot keeps log until the disk is full. `status` lists it, `run` warns
//! of it, `teardown --orphan` removes it, and nothing else is touched by that.

use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use serde_json::Value;

fn ended(process: Process) -> (Option<i32>, String) {
    let (status, said) = process.wait(LIMIT);
    (status.code(), said.join("\n"))
}

/// What `status --json` says of other set-ups.
fn others(site: &Site) -> Vec<Value> {
    let (code, said) = ended(site.start(&["status", "--json"]));
    assert_eq!(code, Some(0), "{said}");
    let line = said.lines().find(|line| line.contains("\"slot\"")).unwrap_or_else(|| panic!("{said}"));
    let status: Value = serde_json::from_str(line).unwrap();
    status["others"].as_array().unwrap_or_else(|| panic!("no `others`: {status}")).clone()
}

async fn slots(site: &Site) -> Vec<String> {
    let sql = "SELECT slot_name::text FROM pg_replication_slots WHERE database = current_database()
               UNION ALL SELECT 'publication ' || pubname FROM pg_publication ORDER BY 1";
    site.database.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

async fn identity(site: &Site) -> String {
    let sql = "SELECT relreplident::text FROM pg_class WHERE oid = 'review'::regclass";
    site.database.client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nothing_uses_any_more_is_listed_and_removed() {
    for (version, server) in servers::postgres_versions() {
        let mut site = Site::between(&format!("orphans_{version}"), &server, servers::opensearch()).await;
        let old = format!("orphans_old_{version}");
        let former = [("PGSYNC_SLOT", old.as_str()), ("PGSYNC_PUBLICATION", old.as_str())];
        let process = site.start_with(&["run", "-b"], &former);
        process.wait_for(FOLLOWS, LIMIT);

        // The same file under other names, as after an upgrade or a change of the names.
        site.index.push_str("_b");
        let _directory = std::mem::replace(&mut site.directory, tempfile::tempdir().unwrap());
        site.schema(&["id", "title"], &Value::Null);
        assert_eq!(ended(site.start(&["bootstrap"])).0, Some(0));
        let listed = others(&site);
        assert_eq!(listed.len(), 1, "{version}: {listed:?}");
        assert_eq!(listed[0]["slot"], *old, "{version}: {listed:?}");
        assert_eq!(listed[0]["in_use"], true, "{version}: {listed:?}");
        let (code, said) = ended(site.start(&["teardown", "--orphan", &old]));
        assert_eq!(code, Some(1), "{version}: {said}");
        assert!(said.contains("error[P0321]"), "{version}: {said}");
        stop(process);

        let listed = others(&site);
        assert_eq!(listed[0]["in_use"], false, "{version}: {listed:?}");
        assert!(listed[0]["retained_bytes"].as_i64().is_some_and(|bytes| bytes >= 0), "{version}: {listed:?}");
        assert_eq!(listed[0]["indexes"], serde_json::json!([format!("orphans_{version}")]), "{version}");
        let process = site.start(&["run"]);
        let warning = process.wait_for("retained_bytes", LIMIT);
        assert!(warning.contains(&old), "{version}: {warning}");
        process.wait_for(FOLLOWS, LIMIT);

        // What is not ours cannot be named.
        let foreign = format!("orphans_foreign_{version}");
        site.database.run(&format!("SELECT pg_create_logical_replication_slot('{foreign}', 'pgoutput')")).await;
        site.database.run("CREATE PUBLICATION theirs FOR TABLE book; COMMENT ON PUBLICATION theirs IS 'theirs'").await;
        let all = slots(&site).await;
        for slot in [foreign.as_str(), "theirs", "nobody"] {
            let (code, said) = ended(site.start(&["teardown", "--orphan", slot]));
            assert_eq!(code, Some(2), "{version}, {slot}: {said}");
        }
        assert_eq!(slots(&site).await, all, "{version}");

        let (code, said) = ended(site.start(&["teardown", "--orphan", &old]));
        assert_eq!(code, Some(0), "{version}: {said}");
        let left = slots(&site).await;
        assert_eq!(left.len(), all.len() - 2, "{version}: {left:?}");
        assert!(!left.iter().any(|name| name.contains(&old)), "{version}: {left:?}");
        assert!(others(&site).is_empty(), "{version}");
        // The one that is in use needs it, and goes on.
        assert_eq!(identity(&site).await, "f", "{version}");
        site.database.run("UPDATE review SET body = 'moved', book_id = 1 WHERE id = 2").await;
        site.converges(&process).await;
        stop(process);
        let (code, said) = ended(site.start(&["teardown", "--indexes"]));
        assert_eq!(code, Some(0), "{version}: {said}");
        assert_eq!(identity(&site).await, "d", "{version}");
        site.database.run(&format!("SELECT pg_drop_replication_slot('{foreign}')")).await;
    }
}

/// What an earlier version wrote into the comment has no slot: it has the name of the publication.
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_of_an_earlier_version_is_recognised() {
    let site = Site::new("orphans_earlier").await;
    assert_eq!(ended(site.start(&["bootstrap"])).0, Some(0));
    site.database
        .run(
            r#"SELECT pg_create_logical_replication_slot('orphans_earlier_one', 'pgoutput');
               CREATE PUBLICATION orphans_earlier_one FOR TABLE review;
               COMMENT ON PUBLICATION orphans_earlier_one
               IS '{"pgsync_replaced_replica_identities":{"\"public\".\"review\"":"DEFAULT"}}'"#,
        )
        .await;
    let listed = others(&site);
    assert_eq!(listed[0]["slot"], "orphans_earlier_one", "{listed:?}");
    assert_eq!(ended(site.start(&["teardown", "--orphan", "orphans_earlier_one"])).0, Some(0));
    assert_eq!(identity(&site).await, "f");
    assert_eq!(ended(site.start(&["teardown"])).0, Some(0));
    assert_eq!((identity(&site).await.as_str(), slots(&site).await.len()), ("d", 0));
}

/// After the names have changed, by another name of the file or another version, the set-up that fills the same index is
/// pointed to. A second slot beside it would help nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_of_the_same_index_under_other_names_is_pointed_to() {
    for (version, server) in servers::postgres_versions() {
        let site = Site::between(&format!("orphans_same_{version}"), &server, servers::opensearch()).await;
        let old = format!("orphans_same_old_{version}");
        let former = [("PGSYNC_SLOT", old.as_str()), ("PGSYNC_PUBLICATION", old.as_str())];
        let process = site.start_with(&["run", "-b"], &former);
        process.wait_for(FOLLOWS, LIMIT);
        stop(process);
        let before = slots(&site).await;
        for command in [&["run"][..], &["bootstrap"], &["run", "-b"], &["sync", "-b"]] {
            let (code, said) = ended(site.start(command));
            assert_eq!(code, Some(1), "{version}, {command:?}: {said}");
            for word in ["error[P0322]", &format!("PGSYNC_SLOT={old}"), &format!("teardown --orphan {old}")] {
                assert!(said.contains(word), "{version}, {command:?}, {word}: {said}");
            }
            assert_eq!(slots(&site).await, before, "{version}, {command:?}");
        }
        let process = site.start_with(&["run"], &former);
        process.wait_for(FOLLOWS, LIMIT);
        site.database.run("UPDATE book SET title = title || '.'").await;
        site.converges(&process).await;
        assert!(!process.lines().join("\n").contains("index is filled"), "{version}: it was loaded again");
        stop(process);
        // Removed, it no longer stands in the way.
        let (code, said) = ended(site.start(&["teardown", "--orphan", &old, "--indexes"]));
        assert_eq!(code, Some(0), "{version}: {said}");
        let process = site.start(&["run", "-b"]);
        process.wait_for(FOLLOWS, LIMIT);
        site.converges(&process).await;
        stop(process);
        assert_eq!(ended(site.start(&["teardown", "--indexes"])).0, Some(0), "{version}");
    }
}
