//! `teardown` against a comment that somebody else has written, behind a lock, and after the publication was dropped by
//! hand. What it runs has the rights of whoever runs it, so a comment may choose nothing but an identity.

use crate::support::process::Process;
use crate::support::servers;
use crate::support::site::{FOLLOWS, LIMIT, Site, stop};
use serde_json::json;
use std::time::Duration;

/// Reviews need FULL (the foreign key is not in the key); `parted` has the identity of an index.
const TABLES: &str = r#"
    CREATE TABLE book (id integer PRIMARY KEY, title text);
    CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book, body text);
    CREATE TABLE "By Index" (id integer PRIMARY KEY, code integer NOT NULL, book_id integer REFERENCES book);
    CREATE UNIQUE INDEX "Its ""code"", %" ON "By Index" (code);
    ALTER TABLE "By Index" REPLICA IDENTITY USING INDEX "Its ""code"", %";
    CREATE TABLE secret (id integer PRIMARY KEY, body text);
    ALTER TABLE secret REPLICA IDENTITY FULL;
    INSERT INTO book VALUES (1, 'one');"#;

const SAID: &str = "SELECT id::text, json_build_object('id', id)::text FROM book";

async fn site(name: &str, server: &str) -> Site {
    let site = Site::of(name, server, servers::opensearch(), TABLES, SAID).await;
    let child = |table: &str| json!({ "table": table, "columns": ["id"], "relationship": { "variant": "object", "type": "one_to_many" } });
    site.nodes(&json!({ "table": "book", "columns": ["id"], "children": [child("review"), child("By Index")] }));
    site
}

/// The identity of each table, with the index it names.
async fn identities(site: &Site) -> Vec<String> {
    let sql = "SELECT format('%s %s %s', c.relname, c.relreplident, (SELECT i.relname FROM pg_index x
                      JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND x.indisreplident))
               FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1";
    site.database.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

async fn left(site: &Site) -> (i64, i64) {
    let sql = "SELECT (SELECT count(*) FROM pg_publication),
               (SELECT count(*) FROM pg_replication_slots WHERE database = current_database())";
    let row = site.database.client.query_one(sql, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

/// Gives the publication another comment.
async fn comment(site: &Site, text: &str) {
    let sql = "SELECT format('COMMENT ON PUBLICATION %I IS %L', pubname, $1::text) FROM pg_publication";
    let statement: String = site.database.client.query_one(sql, &[&text]).await.unwrap().get(0);
    site.database.run(&statement).await;
}

async fn said(site: &Site) -> String {
    let sql = "SELECT obj_description(oid, 'pg_publication') FROM pg_publication";
    site.database.client.query_one(sql, &[]).await.unwrap().get(0)
}

fn ended(process: Process) -> (Option<i32>, String) {
    let (status, said) = process.wait(LIMIT);
    (status.code(), said.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_comment_runs_nothing() {
    for (version, server) in servers::postgres_versions() {
        let site = site(&format!("teardown_hostile_{version}"), &server).await;
        let before = identities(&site).await;
        assert_eq!(ended(site.start(&["bootstrap"])).0, Some(0));
        let honest = said(&site).await;
        let set_up = identities(&site).await;
        for (table, identity) in [
            (r#""public"."review""#, "DEFAULT; CREATE TABLE public.owned ()"),
            (r#""public"."review""#, r#"USING INDEX "review_pkey"; CREATE TABLE public.owned (); --"#),
            (r#""public"."review""#, r#"USING INDEX "a"" b"#),
            (r#""public"."review""#, "default"),
            (r#""public"."review" ADD COLUMN owned integer; --"#, "DEFAULT"),
            (r#""public"."review"; CREATE TABLE public.owned (); --"#, "DEFAULT"),
        ] {
            comment(&site, &json!({ "pgsync_replaced_replica_identities": { table: identity } }).to_string()).await;
            let (code, said) = ended(site.start(&["teardown"]));
            assert_eq!(code, Some(1), "{version}, {table} {identity}: {said}");
            assert!(said.contains("error[P0320]"), "{version}, {table} {identity}: {said}");
            let sql = "SELECT (SELECT count(*) FROM pg_class WHERE relname = 'owned')
                       + (SELECT count(*) FROM pg_attribute WHERE attname = 'owned')";
            let owned: i64 = site.database.client.query_one(sql, &[]).await.unwrap().get(0);
            assert_eq!(owned, 0, "{version}, {table} {identity}");
            // Refused before anything was done.
            assert_eq!((identities(&site).await, left(&site).await), (set_up.clone(), (1, 1)), "{version}");
        }
        comment(&site, &honest).await;
        let (code, said) = ended(site.start(&["teardown"]));
        assert_eq!(code, Some(0), "{version}: {said}");
        assert_eq!((identities(&site).await, left(&site).await), (before, (0, 0)), "{version}");
    }
}

/// The owner of a publication may comment on it. He may not thereby have another's table altered.
#[tokio::test(flavor = "multi_thread")]
async fn a_comment_reaches_no_table_of_another_owner() {
    for (version, server) in servers::postgres_versions() {
        let site = site(&format!("teardown_owner_{version}"), &server).await;
        let role = format!("teardown_mallory_{version}");
        let database = &site.database.name;
        site.database
            .run(&format!(
                "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                 GRANT CREATE ON DATABASE {database} TO {role};"
            ))
            .await;
        assert_eq!(ended(site.start(&["bootstrap"])).0, Some(0));
        let name: String =
            site.database.client.query_one("SELECT pubname::text FROM pg_publication", &[]).await.unwrap().get(0);
        for table in ["book", "review", "\"By Index\""] {
            site.database.run(&format!("ALTER TABLE {table} OWNER TO {role}")).await;
        }
        site.database.run(&format!("ALTER PUBLICATION {name} OWNER TO {role}")).await;
        let hostile = json!({ "pgsync_replaced_replica_identities": {
            r#""public"."review""#: "DEFAULT", r#""public"."secret""#: "NOTHING" } });
        site.database.run(&format!("SET ROLE {role}; COMMENT ON PUBLICATION {name} IS '{hostile}'; RESET ROLE")).await;
        let (code, said) = ended(site.start(&["teardown"]));
        assert_eq!(code, Some(0), "{version}: {said}");
        let identities = identities(&site).await;
        assert!(identities.contains(&"secret f ".to_owned()), "{version}: {identities:?}\n{said}");
        assert!(identities.contains(&"review d ".to_owned()), "{version}: {identities:?}\n{said}");
        // Told, with the statement for whoever decides to run it.
        assert!(said.contains(r#"ALTER TABLE "public"."secret" REPLICA IDENTITY NOTHING"#), "{version}: {said}");
        site.database.run(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
    }
}

/// A transaction that only reads holds a lock that ALTER TABLE waits for; whoever comes then queues behind that.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_queues_behind_a_teardown_that_waits() {
    let site = site("teardown_lock", &servers::postgres_newest()).await;
    let before = identities(&site).await;
    assert_eq!(ended(site.start(&["bootstrap"])).0, Some(0));
    let reader = site.database.session().await;
    reader.batch_execute("BEGIN; SELECT * FROM review").await.unwrap();
    let teardown = site.start(&["teardown"]);
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'review'::regclass";
    while site.database.client.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    site.database.run("SET statement_timeout = '8s'; INSERT INTO review VALUES (1, 1, 'x'); DELETE FROM review").await;
    reader.batch_execute("COMMIT").await.unwrap();
    let (code, said) = ended(teardown);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!((identities(&site).await, left(&site).await), (before, (0, 0)));
}

/// The record of what bootstrap replaced is in the publication's comment, and goes with it.
#[tokio::test(flavor = "multi_thread")]
async fn identities_come_back_although_the_publication_was_dropped() {
    for (version, server) in servers::postgres_versions() {
        let site = site(&format!("teardown_dropped_{version}"), &server).await;
        let before = identities(&site).await;
        let process = site.start(&["run", "-b"]);
        process.wait_for(FOLLOWS, LIMIT);
        stop(process);
        site.database
            .run("DO $$ DECLARE p name; BEGIN SELECT pubname INTO p FROM pg_publication; EXECUTE format('DROP PUBLICATION %I', p); END $$")
            .await;
        let (code, said) = ended(site.start(&["teardown", "--indexes"]));
        assert_eq!(code, Some(0), "{version}: {said}");
        assert_eq!((identities(&site).await, left(&site).await), (before, (0, 0)), "{version}: {said}");
    }
}

/// Nothing ran yet, so nobody else knows: what is left is said, with the statement to run.
#[tokio::test(flavor = "multi_thread")]
async fn an_identity_nobody_has_a_record_of_is_named() {
    let site = site("teardown_unknown", &servers::postgres_newest()).await;
    assert_eq!(ended(site.start(&["bootstrap"])).0, Some(0));
    site.database
        .run("DO $$ DECLARE p name; BEGIN SELECT pubname INTO p FROM pg_publication; EXECUTE format('DROP PUBLICATION %I', p); END $$")
        .await;
    let (code, said) = ended(site.start(&["teardown"]));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(left(&site).await, (0, 0), "{said}");
    for table in ["review", "By Index"] {
        let statement = format!("ALTER TABLE \"public\".\"{table}\" REPLICA IDENTITY DEFAULT");
        assert!(said.contains(&statement), "{statement}: {said}");
    }
}
