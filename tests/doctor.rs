//! `doctor`: each finding is provoked on real servers and mended by the statement that it names; the role of the README is fine
//! with it; it changes nothing.

use crate::support::cluster::{Cluster, newest_home, oldest_home};
use crate::support::servers;
use crate::support::site::{LIMIT, Site};
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// Its exit code and findings. The session may not write, so a statement that would is an error.
fn doctor(site: &Site, settings: &[(&str, &str)]) -> (i32, Vec<Value>) {
    let (status, said) = site.start_with(&["doctor", "--json"], settings).wait(LIMIT);
    let said = said.join("\n");
    let line = said.lines().find(|line| line.starts_with("{\"findings\"")).unwrap_or_else(|| panic!("{said}"));
    let object: Value = serde_json::from_str(line).unwrap();
    let findings = object["findings"].as_array().unwrap().clone();
    let in_the_way = findings.iter().filter(|finding| finding["severity"] == "in_the_way").count();
    assert_eq!(object["in_the_way"], json!(in_the_way), "{said}");
    (status.code().unwrap(), findings)
}

fn about<'a>(findings: &'a [Value], name: &str) -> Option<&'a Value> {
    findings.iter().find(|finding| finding["about"] == name)
}

/// The finding of this name, which has to be there.
fn found<'a>(findings: &'a [Value], name: &str) -> &'a Value {
    about(findings, name).unwrap_or_else(|| panic!("nothing about {name}: {findings:#?}"))
}

fn mend(finding: &Value) -> &str {
    finding["mend"].as_str().unwrap_or_else(|| panic!("no mend: {finding}"))
}

fn in_the_way(findings: &[Value]) -> Vec<&str> {
    findings
        .iter()
        .filter(|finding| finding["severity"] == "in_the_way")
        .map(|finding| finding["about"].as_str().unwrap())
        .collect()
}

/// As the program runs: the role of the README, in a session that may not write.
async fn as_reader(site: &mut Site, server: &str) {
    let address = server.rsplit_once('@').unwrap().1.split('/').next().unwrap().to_owned();
    site.as_reader(|role, _, database| {
        format!("postgresql://{role}@{address}/{database}?options=-c%20default_transaction_read_only%3Don")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_accepts_the_role_of_the_readme_and_names_what_is_missing() {
    for (version, server) in servers::postgres_versions() {
        let mut site = Site::between(&format!("doctor_role_{version}"), &server, servers::opensearch()).await;
        // Nothing is set up.
        let (code, findings) = doctor(&site, &[]);
        assert_eq!((code, in_the_way(&findings)), (1, vec!["set_up"]), "{version}");
        let script = mend(found(&findings, "set_up"));
        assert!(
            script.contains("CREATE PUBLICATION") && script.contains("pg_create_logical_replication_slot"),
            "{script}"
        );
        as_reader(&mut site, &server).await;
        let (code, findings) = doctor(&site, &[]);
        assert_eq!((code, in_the_way(&findings)), (0, vec![]), "{version}: {findings:#?}");
        assert!(found(&findings, "capture")["found"].as_str().unwrap().contains("can be used"));
        // A limit of what is kept: the server's or ours.
        assert!(mend(found(&findings, "max_slot_wal_keep_size")).contains("PGSYNC_SLOT_BUDGET"));
        let (_, limited) = doctor(&site, &[("PGSYNC_SLOT_BUDGET", "1000000000")]);
        assert!(about(&limited, "max_slot_wal_keep_size").is_none(), "{limited:#?}");
        // An index that a route needs, made by the statement that is named.
        let index = mend(found(&findings, "index")).to_owned();
        assert!(index.starts_with("CREATE INDEX CONCURRENTLY ON \"public\".\"review\" (\"book_id\")"), "{index}");
        site.database.run(&index).await;
        assert!(about(&doctor(&site, &[]).1, "index").is_none());
        // For people.
        let (status, said) = site.start(&["doctor"]).wait(LIMIT);
        let said = said.join("\n");
        assert!(status.success() && said.contains("note [capture]") && said.contains("needed:"), "{said}");
        site.leave().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_rights_policies_identities_and_keys() {
    let server = servers::postgres_newest();
    let mut site = Site::between("doctor_tables", &server, servers::opensearch()).await;
    as_reader(&mut site, &server).await;
    let role = "reader_doctor_tables";
    for (provoke, name, word, undo) in [
        (format!("ALTER ROLE {role} NOREPLICATION"), "replication", "WITH REPLICATION", None),
        (format!("REVOKE pg_read_all_stats FROM {role}"), "statistics", "GRANT pg_read_all_stats", None),
        ("ALTER TABLE review ENABLE ROW LEVEL SECURITY".to_owned(), "row_security", "BYPASSRLS", Some("NOBYPASSRLS")),
        (format!("REVOKE SELECT ON review FROM {role}"), "set_up", "GRANT USAGE", Some("SELECT")),
        ("ALTER TABLE review REPLICA IDENTITY DEFAULT".to_owned(), "set_up", "REPLICA IDENTITY FULL", Some("FULL")),
    ] {
        site.database.run(&provoke).await;
        let (_, findings) = doctor(&site, &[]);
        let statement = mend(found(&findings, name)).to_owned();
        assert!(statement.contains(word), "{provoke}: {statement}");
        match undo {
            Some("SELECT") => site.database.run(&format!("GRANT SELECT ON review TO {role}")).await,
            Some("FULL") => site.database.run("ALTER TABLE review REPLICA IDENTITY FULL").await,
            _ => site.database.run(&statement).await,
        }
        let (code, findings) = doctor(&site, &[]);
        assert_eq!((code, in_the_way(&findings)), (0, vec![]), "{provoke}: {findings:#?}");
    }
    // A table that is gone, and one whose key is wide.
    site.database
        .run("CREATE TABLE wide (id text PRIMARY KEY); INSERT INTO wide SELECT repeat(md5(n::text), 18) FROM generate_series(1, 50) n; ANALYZE wide; GRANT SELECT ON wide TO reader_doctor_tables")
        .await;
    site.nodes(&json!({ "table": "wide", "columns": ["id"] }));
    let (_, findings) = doctor(&site, &[]);
    assert!(found(&findings, "wide_key")["needed"].as_str().unwrap().contains("512 bytes"), "{findings:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_what_a_server_is_set_to() {
    for (version, home) in [("oldest", oldest_home()), ("newest", newest_home())] {
        let mut cluster = Cluster::start(&home, "");
        let name = format!("doctor_server_{version}");
        let site = Site::between(&name, &cluster.url(), servers::opensearch()).await;
        let is_set = async |line: &str, cluster: &mut Cluster| {
            cluster.configure(line);
            cluster.restart();
        };
        for (line, name, word) in [
            ("wal_level = replica", "wal_level", "ALTER SYSTEM SET wal_level = logical;"),
            (
                "wal_level = logical\nmax_replication_slots = 1\nmax_wal_senders = 1",
                "max_replication_slots",
                "ALTER SYSTEM SET max_replication_slots = 6;",
            ),
            (
                "max_replication_slots = 10\nmax_wal_senders = 10\nsynchronous_standby_names = '*'",
                "synchronous_standby_names",
                "ALTER SYSTEM SET synchronous_standby_names",
            ),
        ] {
            is_set(line, &mut cluster).await;
            if name == "max_replication_slots" {
                let client = crate::support::database::connect(&cluster.url()).await;
                client.batch_execute("SELECT pg_create_physical_replication_slot('another')").await.unwrap();
            }
            let (code, findings) = doctor(&site, &[]);
            assert_eq!(code, 1, "{version} {line}");
            let finding = found(&findings, name);
            assert_eq!(finding["severity"], "in_the_way", "{version} {line}: {finding}");
            assert!(mend(finding).starts_with(word), "{version} {line}: {finding}");
        }
        is_set("synchronous_standby_names = ''", &mut cluster).await;
        let (_, findings) = doctor(&site, &[]);
        assert_eq!(in_the_way(&findings), ["set_up"], "{version}: {findings:#?}");
        // Nobody is there.
        cluster.stop();
        let (status, said) = site.start_with(&["doctor", "--json"], &[("PGSYNC_WAIT", "1")]).wait(LIMIT);
        assert_eq!(status.code(), Some(1), "{}", said.join("\n"));
    }
}

/// Real engines behind one address, each connection to the other one: a balancer before two clusters.
async fn balancer() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let engines = [servers::opensearch(), servers::elasticsearch()];
    tokio::spawn(async move {
        for engine in engines.iter().cycle() {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut far = TcpStream::connect(engine.trim_start_matches("http://")).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_an_address_that_leads_to_two_clusters() {
    let mut site = Site::new("doctor_balancer").await;
    for engine in [servers::opensearch(), servers::elasticsearch()] {
        site.engine = engine;
        let (_, findings) = doctor(&site, &[]);
        assert!(about(&findings, "engine_address").is_none(), "{findings:#?}");
        assert!(found(&findings, "engine")["found"].as_str().unwrap().contains("earch "), "{findings:#?}");
    }
    site.engine = balancer().await;
    let (code, findings) = doctor(&site, &[]);
    assert_eq!(code, 1);
    assert!(mend(found(&findings, "engine_address")).contains("ELASTICSEARCH_URL"), "{findings:#?}");
    site.engine = "http://127.0.0.1:1".to_owned();
    let (_, findings) = doctor(&site, &[]);
    assert_eq!(found(&findings, "engine")["severity"], "in_the_way", "{findings:#?}");
}

/// The command that mends it goes over the replication protocol; what is made anew is as it should be.
#[tokio::test(flavor = "multi_thread")]
async fn doctor_names_a_slot_that_no_standby_takes_over() {
    let cluster = Cluster::start(&newest_home(), "");
    let site = Site::between("doctor_failover", &cluster.url(), servers::opensearch()).await;
    let (status, said) = site.start(&["bootstrap"]).wait(LIMIT);
    assert!(status.success(), "{}", said.join("\n"));
    assert!(about(&doctor(&site, &[]).1, "failover").is_none());
    let slot = site.slot().await;
    let anew = format!(
        "SELECT pg_drop_replication_slot('{slot}'); SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')"
    );
    site.database.run(&anew).await;
    let (code, findings) = doctor(&site, &[]);
    assert_eq!((code, &found(&findings, "failover")["severity"]), (0, &json!("note")));
    let command = format!("ALTER_REPLICATION_SLOT \"{slot}\" (FAILOVER true);");
    assert!(mend(found(&findings, "failover")).contains(&command), "{findings:#?}");
    site.database.run("SELECT pg_create_physical_replication_slot('a_standby')").await;
    assert_eq!(found(&doctor(&site, &[]).1, "failover")["severity"], "risk");
    // A standby that the stream waits for in vain.
    let whole = anew.replace("'pgoutput')", "'pgoutput', failover => true)");
    site.database.run(&whole).await;
    cluster.configure("synchronized_standby_slots = 'a_standby'");
    site.database.run("SELECT pg_reload_conf(); SELECT pg_sleep(1)").await;
    let (_, findings) = doctor(&site, &[]);
    assert!(found(&findings, "synchronized_standby_slots")["found"].as_str().unwrap().contains("`a_standby`"));
}
