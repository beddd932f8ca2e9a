//! What `bootstrap` and `teardown` do to a database: no statement of the user's fails that worked before, and nothing is
//! left behind. Every kind of table that replica identities and publications are particular about takes part.

use crate::support::database::Database;
use crate::support::process::{Process, cargo_pgsync};
use crate::support::servers;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// One table of each kind. The foreign keys make the old values of more than the primary key necessary.
const TABLES: &str = "
CREATE TABLE owner (id integer PRIMARY KEY, name text);
CREATE TABLE keyless (owner_id integer REFERENCES owner, body text);
CREATE TABLE postponed (id integer PRIMARY KEY DEFERRABLE, owner_id integer REFERENCES owner, body text);
CREATE TABLE parted (id integer, owner_id integer REFERENCES owner, body text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_keyless (id integer, owner_id integer REFERENCES owner, body text) PARTITION BY RANGE (id);
CREATE TABLE parted_keyless_1 PARTITION OF parted_keyless FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_late (id integer, owner_id integer REFERENCES owner, body text,
  PRIMARY KEY (id) DEFERRABLE) PARTITION BY RANGE (id);
CREATE TABLE parted_late_1 PARTITION OF parted_late FOR VALUES FROM (0) TO (100);
CREATE TABLE nothing (id integer PRIMARY KEY, owner_id integer REFERENCES owner, body text);
ALTER TABLE nothing REPLICA IDENTITY NOTHING;
CREATE TABLE \"By Index\" (id integer PRIMARY KEY, code integer NOT NULL, owner_id integer REFERENCES owner, body text);
CREATE UNIQUE INDEX \"Its code\" ON \"By Index\" (code);
ALTER TABLE \"By Index\" REPLICA IDENTITY USING INDEX \"Its code\";
CREATE TABLE computed (id integer PRIMARY KEY, owner_id integer REFERENCES owner, body text GENERATED);
";

/// One row of each child, the statements that a user may run at any time.
const CHILDREN: [(&str, &str); 8] = [
    ("keyless", "(owner_id, body) VALUES (1, 'x')"),
    ("postponed", "(id, owner_id, body) VALUES (1, 1, 'x')"),
    ("parted", "(id, owner_id, body) VALUES (1, 1, 'x')"),
    ("parted_keyless", "(id, owner_id, body) VALUES (1, 1, 'x')"),
    ("parted_late", "(id, owner_id, body) VALUES (1, 1, 'x')"),
    ("nothing", "(id, owner_id, body) VALUES (1, 1, 'x')"),
    ("\"By Index\"", "(id, code, owner_id, body) VALUES (1, 1, 1, 'x')"),
    ("computed", "(id, owner_id) VALUES (1, 1)"),
];

fn schema(index: &str) -> String {
    let children: Vec<_> = CHILDREN
        .iter()
        .map(|(table, _)| {
            serde_json::json!({
                "table": table.trim_matches('"'),
                "columns": ["body"],
                "relationship": { "variant": "object", "type": "one_to_many" }
            })
        })
        .collect();
    let nodes = serde_json::json!({ "table": "owner", "columns": ["id", "name"], "children": children });
    serde_json::json!([{ "index": index, "nodes": nodes }]).to_string()
}

/// The tables, with `body` of the generated one as this server has it.
fn tables(newest: bool) -> String {
    // Generated columns came with PostgreSQL 12.
    let generated = if newest { "text GENERATED ALWAYS AS ('x' || 'y') STORED" } else { "text" };
    TABLES.replace("text GENERATED", generated)
}

struct Operated {
    code: Option<i32>,
    said: String,
}

fn operate(database: &Database, url: &str, directory: &tempfile::TempDir, arguments: &[&str]) -> Operated {
    let environment = [("PG_URL", url), ("ELASTICSEARCH_URL", &servers::opensearch())];
    let mut words = vec!["pgsync"];
    words.extend(arguments);
    let (status, said) = Process::start(cargo_pgsync(), &words, &environment, directory.path()).wait(LIMIT);
    let said = said.join("\n");
    assert!(!said.contains("panicked"), "{}: {said}", database.name);
    Operated { code: status.code(), said }
}

fn directory(index: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("schema.json"), schema(index)).unwrap();
    directory
}

/// Identities, publications and slots: all that bootstrap may change.
async fn catalogue(database: &Database) -> Vec<String> {
    let rows = database
        .client
        .query(
            "SELECT format('%s %s %s', c.relname, c.relreplident, (SELECT x.indexrelid::regclass FROM pg_index x
                    WHERE x.indrelid = c.oid AND x.indisreplident))
             FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
             UNION ALL SELECT format('publication %s', pubname) FROM pg_publication
             UNION ALL SELECT format('slot %s', slot_name) FROM pg_replication_slots WHERE database = current_database()
             ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Everything a user may do to every table.
async fn use_every_table(database: &Database) {
    database.run("INSERT INTO owner VALUES (1, 'one'), (2, 'two')").await;
    for (table, row) in CHILDREN {
        database.run(&format!("INSERT INTO {table} {row}")).await;
        database.run(&format!("UPDATE {table} SET owner_id = 2")).await;
        database.run(&format!("DELETE FROM {table}")).await;
        database.run(&format!("INSERT INTO {table} {row}")).await;
        database.run(&format!("TRUNCATE {table}")).await;
    }
    database.run("UPDATE owner SET name = 'other'; UPDATE owner SET id = id + 10; DELETE FROM owner").await;
}

async fn breaks_nothing(server: &str, newest: bool, name: &str) {
    let database = Database::create(server, name).await;
    database.run(&tables(newest)).await;
    use_every_table(&database).await;
    let before = catalogue(&database).await;
    let directory = directory(name);

    let dry = operate(&database, &database.url, &directory, &["bootstrap", "--dry-run"]);
    assert_eq!(dry.code, Some(0), "{}", dry.said);
    assert!(dry.said.contains("CREATE PUBLICATION") && dry.said.contains("pg_create_logical"), "{}", dry.said);
    assert_eq!(catalogue(&database).await, before);

    let first = operate(&database, &database.url, &directory, &["bootstrap"]);
    assert_eq!(first.code, Some(0), "{}", first.said);
    let after = catalogue(&database).await;
    assert_ne!(after, before);
    use_every_table(&database).await;

    for parent in ["parted", "parted_keyless", "parted_late"] {
        database.run(&format!("CREATE TABLE {parent}_2 PARTITION OF {parent} FOR VALUES FROM (100) TO (200)")).await;
        database.run(&format!("INSERT INTO {parent} (id, body) VALUES (150, 'x')")).await;
        database.run(&format!("UPDATE {parent} SET body = 'y' WHERE id = 150")).await;
        database.run(&format!("DELETE FROM {parent} WHERE id = 150")).await;
        database.run(&format!("DROP TABLE {parent}_2")).await;
    }

    let second = operate(&database, &database.url, &directory, &["bootstrap", "--dry-run"]);
    assert_eq!(second.code, Some(0), "{}", second.said);
    assert!(!second.said.contains("ALTER") && !second.said.contains("CREATE"), "{}", second.said);
    assert_eq!(operate(&database, &database.url, &directory, &["bootstrap"]).code, Some(0));
    assert_eq!(catalogue(&database).await, after);

    let end = operate(&database, &database.url, &directory, &["teardown"]);
    assert_eq!(end.code, Some(0), "{}", end.said);
    assert_eq!(catalogue(&database).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn bootstrap_breaks_nothing_on_the_newest_postgres() {
    breaks_nothing(&servers::postgres_newest(), true, "capture_new").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bootstrap_breaks_nothing_on_the_oldest_postgres() {
    breaks_nothing(&servers::postgres_oldest(), false, "capture_old").await;
}

/// What stands in the way is named, and nothing is changed.
async fn is_refused(name: &str, obstacle: &str, named: &[&str]) {
    let database = Database::create(&servers::postgres_newest(), name).await;
    database.run(&tables(true)).await;
    database.run(obstacle).await;
    let before = catalogue(&database).await;
    let refused = operate(&database, &database.url, &directory(name), &["bootstrap"]);
    assert_eq!(refused.code, Some(1), "{}", refused.said);
    for word in named {
        assert!(refused.said.contains(word), "{word}: {}", refused.said);
    }
    assert_eq!(catalogue(&database).await, before);
    use_every_table(&database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_list_of_another_publication_is_not_broken() {
    let sql =
        "ALTER TABLE nothing REPLICA IDENTITY DEFAULT; CREATE PUBLICATION theirs FOR TABLE nothing (id, owner_id)";
    is_refused("capture_list", sql, &["theirs", "nothing"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_list_on_the_root_of_partitions_is_not_broken() {
    let sql = "CREATE PUBLICATION theirs FOR TABLE parted (id, owner_id) WITH (publish_via_partition_root)";
    is_refused("capture_root_list", sql, &["theirs", "parted_1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_columns_in_another_publication_are_not_broken() {
    let sql = "CREATE PUBLICATION theirs FOR TABLE computed";
    is_refused("capture_computed", sql, &["theirs", "computed", "publish_generated_columns"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn virtual_columns_cannot_be_in_a_full_identity() {
    let sql = "ALTER TABLE computed ADD twice integer GENERATED ALWAYS AS (id * 2) VIRTUAL";
    is_refused("capture_virtual", sql, &["computed", "twice"]).await;
}

/// What another publication filters by is its own affair: the identity of such a table is left alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_filter_of_another_publication_is_not_broken() {
    let sql =
        "ALTER TABLE nothing REPLICA IDENTITY DEFAULT; CREATE PUBLICATION theirs FOR TABLE nothing WHERE (id > 5);
               CREATE PUBLICATION unconcerned FOR TABLE owner (id) WHERE (id > 5)";
    is_refused("capture_filter", sql, &["theirs", "nothing"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_filter_on_the_root_of_partitions_is_not_broken() {
    let sql = "CREATE PUBLICATION theirs FOR TABLE parted WHERE (id > 5) WITH (publish_via_partition_root)";
    is_refused("capture_root_filter", sql, &["theirs", "parted_1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_filters_on_tables_that_keep_their_identity_are_no_obstacle() {
    let name = "capture_unconcerned";
    let database = Database::create(&servers::postgres_newest(), name).await;
    database.run(&tables(true)).await;
    database.run("CREATE PUBLICATION theirs FOR TABLE owner (id) WHERE (id > 5)").await;
    let set_up = operate(&database, &database.url, &directory(name), &["bootstrap"]);
    assert_eq!(set_up.code, Some(0), "{}", set_up.said);
    use_every_table(&database).await;
    let torn_down = operate(&database, &database.url, &directory(name), &["teardown"]);
    assert_eq!(torn_down.code, Some(0), "{}", torn_down.said);
}

/// Names of slots are the server's. They follow from the database too; where the settings name one for both, the second
/// database is told so, and neither it nor the first is touched.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_database_of_one_server_needs_a_slot_of_its_own() {
    let name = "capture_twins";
    let first = Database::create(&servers::postgres_newest(), "capture_twin_1").await;
    let second = Database::create(&servers::postgres_newest(), "capture_twin_2").await;
    first.run(&tables(true)).await;
    second.run(&tables(true)).await;
    let directory = directory(name);
    std::fs::write(directory.path().join(".env"), format!("PGSYNC_SLOT={name}\n")).unwrap();
    assert_eq!(operate(&first, &first.url, &directory, &["bootstrap"]).code, Some(0));
    let before = (catalogue(&first).await, catalogue(&second).await);
    for arguments in
        [&["bootstrap"][..], &["bootstrap", "--dry-run"], &["run"], &["sync", "-b"], &["teardown", "--indexes"]]
    {
        let refused = operate(&second, &second.url, &directory, arguments);
        assert_eq!(refused.code, Some(1), "{arguments:?}: {}", refused.said);
        for word in ["capture_twin_1", "capture_twin_2", "PGSYNC_SLOT=", "bootstrap"] {
            assert!(refused.said.contains(word), "{arguments:?}, {word}: {}", refused.said);
        }
        assert_eq!((catalogue(&first).await, catalogue(&second).await), before, "{arguments:?}");
    }
    std::fs::write(directory.path().join("schema.json"), schema("capture_twins_2")).unwrap();
    let environment = [
        ("PG_URL", second.url.as_str()),
        ("ELASTICSEARCH_URL", &servers::opensearch()),
        ("PGSYNC_SLOT", "capture_twins_2"),
    ];
    for arguments in [&["pgsync", "sync", "-b"][..], &["pgsync", "teardown", "--indexes"]] {
        let (status, said) = Process::start(cargo_pgsync(), arguments, &environment, directory.path()).wait(LIMIT);
        assert!(status.success(), "{}", said.join("\n"));
    }
    std::fs::write(directory.path().join("schema.json"), schema(name)).unwrap();
    assert_eq!(operate(&first, &first.url, &directory, &["teardown", "--indexes"]).code, Some(0));
}

/// The one way in which a migration breaks a published table, and the way around it that README gives.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_deferrable_without_a_refused_update() {
    for (version, server) in servers::postgres_versions() {
        let name = format!("capture_deferrable_{version}");
        let database = Database::create(&server, &name).await;
        database.run("CREATE TABLE note (id integer PRIMARY KEY, body text)").await;
        let directory = tempfile::tempdir().unwrap();
        let schema = format!(r#"[{{"index": "{name}", "nodes": {{"table": "note", "columns": ["id", "body"]}}}}]"#);
        std::fs::write(directory.path().join("schema.json"), schema).unwrap();
        let set_up = operate(&database, &database.url, &directory, &["bootstrap"]);
        assert_eq!(set_up.code, Some(0), "{}", set_up.said);
        database.run("INSERT INTO note VALUES (1, 'one')").await;
        let key = "ALTER TABLE note DROP CONSTRAINT note_pkey, ADD PRIMARY KEY (id) DEFERRABLE";
        database.run(&format!("BEGIN; {key}")).await;
        let refused = database.client.batch_execute("UPDATE note SET body = 'two'").await.unwrap_err();
        assert_eq!(refused.code().map(|code| code.code()), Some("55000"), "{version}: {refused:?}");
        database.run("ROLLBACK").await;
        database.run(&format!("BEGIN; ALTER TABLE note REPLICA IDENTITY FULL; {key}; COMMIT")).await;
        database.run("UPDATE note SET body = 'two'; DELETE FROM note").await;
        let again = operate(&database, &database.url, &directory, &["bootstrap"]);
        assert_eq!(again.code, Some(0), "{version}: {}", again.said);
        database.run("INSERT INTO note VALUES (1, 'one'); UPDATE note SET body = 'two'").await;
        let end = operate(&database, &database.url, &directory, &["teardown"]);
        assert_eq!(end.code, Some(0), "{version}: {}", end.said);
    }
}
