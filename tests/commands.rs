//! Commands that work without an engine: `init`, `preview`, `fmt`, `explain`, `catalog`, `check`. What they print, what
//! they leave alone, and with which code they end.

use crate::support::database::Database;
use crate::support::json::{Exact, exact};
use crate::support::process::cargo_pgsync;
use crate::support::servers;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples").join(name)
}

/// What a command said, and how it ended.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn pgsync(database: &str, directory: &Path, arguments: &[&str]) -> Said {
    let output = Command::new(cargo_pgsync())
        .arg("pgsync")
        .args(arguments)
        .current_dir(directory)
        .env("PG_URL", database)
        // Nobody answers there: whatever asks an engine fails.
        .env("ELASTICSEARCH_URL", "http://127.0.0.1:1")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

async fn library(name: &str) -> Database {
    let database = Database::create(&servers::postgres_newest(), name).await;
    database.run(&std::fs::read_to_string(example("library/schema.sql")).unwrap()).await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_of_pgsync_work_or_say_what_replaces_them() {
    let database = library("commands_flags").await;
    let url = reqwest::Url::parse(&database.url).unwrap();
    let port = url.port().unwrap().to_string();
    let nowhere = format!("postgres://nobody@nowhere.invalid:1/{}", database.name);
    let library = example("library");
    let config = library.join("schema.json").display().to_string();
    let directory = tempfile::tempdir().unwrap();
    let flags =
        ["--host", url.host_str().unwrap(), "-p", &port, "-u", "postgres", "--sslmode", "disable", "-c", &config];
    let shown = pgsync(&nowhere, directory.path(), &[&["preview"], &flags[..]].concat());
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    assert!(shown.out.contains("\"_index\":\"library\""), "{}", shown.out);
    let refused = pgsync(&nowhere, directory.path(), &["run", "-c", &config, "--polling", "--producer"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("--polling: changes are always streamed") && refused.err.contains("--producer"),
        "{}",
        refused.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_schema_shows_its_documents_at_once() {
    let database = library("commands_init").await;
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| pgsync(&database.url, directory.path(), arguments);
    let made = run(&["init", "--table", "book"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let schema = std::fs::read_to_string(directory.path().join("schema.json")).unwrap();

    let again = run(&["init", "--table", "author"]);
    assert_eq!(again.code, Some(2), "{}", again.err);
    assert!(again.err.contains("schema.json exists") && again.err.contains("--force"), "{}", again.err);
    assert_eq!(std::fs::read_to_string(directory.path().join("schema.json")).unwrap(), schema);
    let unknown = run(&["init", "--table", "bok", "--print"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("author, book, book_author"), "{}", unknown.err);

    let shown = run(&["preview", "--limit", "10", "--json"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    let books: Vec<Value> = shown.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kafka = books.iter().find(|book| book["_id"] == "9780099458326").unwrap();
    assert_eq!(kafka["_index"], "book");
    assert_eq!(kafka["_source"]["publisher"]["name"], "Harvill");
    assert_eq!(kafka["_source"]["authors"][1]["name"], "Philip Gabriel");
    assert_eq!(kafka["_source"]["reviews"][0]["reader"]["name"], "Ada");
    let readable = run(&["preview", "--limit", "1"]);
    assert_eq!(readable.out.lines().next(), Some(r#"{"_index":"book","_id":"0000000000000","_source":{"#));
    assert_eq!(run(&["preview", "--index", "boks"]).code, Some(2));
}

/// No server is asked for it, so nobody answers at the database's address either.
#[test]
fn the_json_schema_is_printed_or_written_and_knows_the_tables_on_request() {
    let nobody = "postgresql://pgsync@127.0.0.1:1/nothing";
    let directory = tempfile::tempdir().unwrap();
    let snapshot = directory.path().join("schema.catalog.json");
    std::fs::copy(example("library/schema.catalog.json"), &snapshot).unwrap();
    let run = |arguments: &[&str]| pgsync(nobody, directory.path(), arguments);
    let general = run(&["schema"]);
    assert_eq!(general.code, Some(0), "{}", general.err);
    let schema: Value = serde_json::from_str(&general.out).unwrap();
    assert!(schema["definitions"]["node"]["properties"]["columns"]["description"].is_string());
    assert!(!general.out.contains("book_author"));

    // `schema.json` itself is not there, and is not needed.
    let knows = run(&["schema", "--catalog"]);
    assert_eq!(knows.code, Some(0), "{}", knows.err);
    assert!(knows.out.contains("\"book_author\"") && knows.out.contains("\"isbn\""));
    let named = run(&["schema", "--catalog", snapshot.to_str().unwrap(), "-o", "editor.json"]);
    assert_eq!((named.code, named.out.as_str()), (Some(0), ""), "{}", named.err);
    assert_eq!(std::fs::read_to_string(directory.path().join("editor.json")).unwrap(), knows.out);

    let missing = run(&["schema", "--catalog", "none.json"]);
    assert_eq!(missing.code, Some(2), "{}", missing.err);
    assert!(missing.err.contains("none.json") && missing.err.contains("cargo pgsync catalog"), "{}", missing.err);
    let stale = directory.path().join("stale.json");
    std::fs::write(&stale, r#"{"format": 1}"#).unwrap();
    let stale = run(&["schema", "--catalog", "stale.json"]);
    assert_eq!(stale.code, Some(2), "{}", stale.err);
    assert!(stale.err.contains("format 1"), "{}", stale.err);
}

/// It needs no schema file and no server.
#[test]
fn an_error_code_is_explained_and_an_unknown_one_gives_the_nearest() {
    let nobody = "postgresql://pgsync@127.0.0.1:1/nothing";
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| pgsync(nobody, directory.path(), arguments);
    let finding = run(&["explain", "E0103"]);
    assert_eq!((finding.code, finding.err.as_str()), (Some(0), ""));
    assert!(finding.out.contains("error[E0103]: several foreign keys join publisher to book"), "{}", finding.out);
    let failure = run(&["explain", "p0401", "--json"]);
    assert_eq!(failure.code, Some(0), "{}", failure.err);
    let failure: Value = serde_json::from_str(&failure.out).unwrap();
    assert_eq!((&failure["code"], &failure["kind"]), (&"P0401".into(), &"reload".into()));
    let unknown = run(&["explain", "P0499"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(2), ""));
    assert!(unknown.err.contains("`P0499`") && unknown.err.contains("P0501, P0414, P0413"), "{}", unknown.err);
    assert_eq!(run(&["explain", "E0103", "--stage", "sql"]).code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_holds_what_would_be_written() {
    let database = library("commands_preview").await;
    let shown = pgsync(&database.url, &example("library"), &["preview", "-n", "100", "--json"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    let expected = exact(&std::fs::read_to_string(example("library/expected.json")).unwrap());
    let Exact::Object(expected) = expected else { panic!("documents by id") };
    assert_eq!(shown.out.lines().count(), expected.len());
    for line in shown.out.lines() {
        let Exact::Object(hit) = exact(line) else { panic!("{line}") };
        let Exact::Plain(Value::String(id)) = &hit["_id"] else { panic!("{line}") };
        assert_eq!(Some(&hit["_source"]), expected.get(id), "{id}");
    }
}

#[test]
fn what_the_database_lacks_is_explained_as_statements() {
    let said = pgsync("postgresql://127.0.0.1:1/none", &example("no-foreign-keys"), &["explain"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let missing: Vec<&str> = said.out.lines().filter(|line| line.contains("CREATE INDEX")).map(str::trim).collect();
    assert_eq!(
        missing,
        [
            r#"CREATE INDEX CONCURRENTLY ON "public"."counters" ("loser");"#,
            r#"CREATE INDEX CONCURRENTLY ON "public"."counters" ("winner");"#,
            r#"CREATE INDEX CONCURRENTLY ON "public"."unit" ("built_by");"#,
            r#"CREATE INDEX CONCURRENTLY ON "public"."unit" ("species_code");"#,
            r#"CREATE INDEX CONCURRENTLY ON "public"."weapon" ("unit_id");"#,
        ]
    );
    for line in [
        "  unit (public.unit, object): id, name, species, weapons, built_by, beats",
        "    beats (public.unit, array of values): name",
        "route from public.counters as the join table of `beats`: old and new (winner); watches loser, winner",
    ] {
        assert!(said.out.lines().any(|said| said == line), "{line}\n{}", said.out);
    }
}

#[test]
fn which_rows_are_shown_is_explained() {
    let explained = |case: &str| {
        let of = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(case);
        let directory = tempfile::tempdir().unwrap();
        std::fs::copy(of.join("schema.json"), directory.path().join("schema.json")).unwrap();
        std::fs::copy(of.join("catalog.json"), directory.path().join("schema.catalog.json")).unwrap();
        let said = pgsync("postgresql://127.0.0.1:1/none", directory.path(), &["explain"]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        said.out
    };
    for (case, line) in [
        ("order-limit", "in the order of amount, the largest first; then day, NULL first; at most 2 of a parent"),
        ("distinct", "each value once; in the order of street"),
        ("computed", "computed: named = first_name IS NOT NULL (boolean)"),
        ("aggregate", "of all rows: raters = count(distinct user_id) (bigint)"),
        ("aggregate-types", "of all rows: tags = max(tags) (text[])"),
        ("meta", "lists the keys of the rows that it shows, in `_meta`"),
    ] {
        let said = explained(case);
        assert!(said.lines().any(|said| said.trim() == line), "{line}\n{said}");
    }
}

/// Of rows that are counted, no value matters but those that link them and those of `where`.
#[test]
fn what_is_made_of_all_rows_is_explained_with_the_columns_that_matter() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/aggregate-flatten");
    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(case.join("schema.json"), directory.path().join("schema.json")).unwrap();
    std::fs::copy(case.join("catalog.json"), directory.path().join("schema.catalog.json")).unwrap();
    let said = pgsync("postgresql://127.0.0.1:1/none", directory.path(), &["explain", "--json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let explained: Value = serde_json::from_str(&said.out).unwrap();
    let document = &explained["documents"][0];
    let named = |label: &str| {
        let mut children = document["tree"]["children"].as_array().unwrap().iter();
        children.find(|child| child["label"] == label).unwrap()
    };
    let watched = |child: &Value| {
        let route = |route: &&Value| route["as"] == "node" && route["node"] == child["node"];
        document["routes"].as_array().unwrap().iter().find(route).unwrap()["watch"].clone()
    };
    let (player, active) = (named("player"), named("active"));
    assert_eq!(
        player["aggregate"],
        serde_json::json!([
            { "field": "players", "aggregate": "count(*)", "type": "bigint" },
            { "field": "goals", "aggregate": "sum(goals)", "type": "bigint" },
            { "field": "best", "aggregate": "max(goals)", "type": "integer" },
        ])
    );
    assert_eq!(watched(player), serde_json::json!(["goals", "team_id"]));
    assert_eq!(watched(active), serde_json::json!(["active", "team_id"]));
}

/// The compiler takes an expression by its words. What its types make of it, the database alone can say.
#[tokio::test(flavor = "multi_thread")]
async fn an_expression_that_the_database_refuses_has_a_next_step() {
    let database = library("commands_expressions").await;
    let directory = tempfile::tempdir().unwrap();
    for (expression, state, code) in [
        ("(title * 2)::integer", "SQLSTATE 42883", 2),
        ("(price / (price - price))::integer", "SQLSTATE 22012", 1),
        ("price > 'many'", "SQLSTATE 22P02", 1),
    ] {
        let schema = serde_json::json!({ "table": "book", "columns": ["isbn"], "computed": { "field": expression } });
        std::fs::write(directory.path().join("schema.json"), schema.to_string()).unwrap();
        let said = pgsync(&database.url, directory.path(), &["preview"]);
        assert_eq!(said.code, Some(code), "{expression}: {}", said.err);
        assert!(said.err.contains(state) && said.err.contains("public.book"), "{}", said.err);
        assert!(said.err.contains("where the schema has `where` or `computed` for this table"), "{}", said.err);
    }
}

/// A warning is no part of what was asked for, so a schema that has one is explained in one value too.
#[test]
fn with_json_an_explanation_is_one_object() {
    let nobody = "postgresql://127.0.0.1:1/none";
    let said = pgsync(nobody, &example("no-foreign-keys"), &["explain", "--json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let explained: Value = serde_json::from_str(&said.out).unwrap();
    let document = &explained["documents"][0];
    assert_eq!(document["tree"]["table"], "public.unit");
    assert_eq!(document["tree"]["shape"], "object");
    assert_eq!(
        document["tree"]["fields"],
        serde_json::json!(["id", "name", "species", "weapons", "built_by", "beats"])
    );
    let children = document["tree"]["children"].as_array().unwrap();
    let beats = children.iter().find(|child| child["label"] == "beats").unwrap();
    assert!(document["statements"]["roots_by_key"]["sql"].as_str().unwrap().contains("\"unit\""));
    let levels = document["statements"]["levels"].as_array().unwrap();
    let level = &levels[usize::try_from(beats["node"].as_u64().unwrap()).unwrap()];
    assert!(level["join"]["sql"].as_str().unwrap().contains("\"counters\""), "{level}");
    let route = |route: &&Value| route["as"] == "join_table" && route["node"] == beats["node"];
    let route = document["routes"].as_array().unwrap().iter().find(route).unwrap();
    assert_eq!(route["table"], "public.counters");
    assert_eq!((&route["link"][0], &route["watch"]), (&"winner".into(), &serde_json::json!(["loser", "winner"])));
    assert_eq!(explained["missing_indexes"].as_array().unwrap().len(), 5);

    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(example("library/schema.catalog.json"), directory.path().join("schema.catalog.json")).unwrap();
    let warned = r#"{"table": "book", "columns": ["isbn", "title", "title"]}"#;
    std::fs::write(directory.path().join("schema.json"), warned).unwrap();
    for stage in [&[][..], &["--stage", "setup"], &["--stage", "plan"], &["--stage", "sql"], &["--stage", "rust"]] {
        let said = pgsync(nobody, directory.path(), &[&["explain", "--json"], stage].concat());
        assert_eq!(said.code, Some(0), "{}", said.err);
        serde_json::from_str::<Value>(&said.out).unwrap_or_else(|error| panic!("{stage:?}: {error}: {}", said.out));
        assert!(said.err.lines().any(|line| line.contains("W0001")), "{}", said.err);
    }
    let checked = pgsync(nobody, directory.path(), &["check", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&checked.out).unwrap()["code"], "W0001");
}

#[tokio::test(flavor = "multi_thread")]
async fn explained_indexes_are_accepted_and_then_no_longer_missing() {
    let database = Database::create(&servers::postgres_newest(), "commands_indexes").await;
    database.run(&std::fs::read_to_string(example("no-foreign-keys/schema.sql")).unwrap()).await;
    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(example("no-foreign-keys/schema.json"), directory.path().join("schema.json")).unwrap();
    let said = pgsync(&database.url, directory.path(), &["explain"]);
    let missing: Vec<&str> = said.out.lines().filter(|line| line.contains("CREATE INDEX")).collect();
    assert_eq!(missing.len(), 5);
    for statement in missing {
        database.client.batch_execute(statement).await.unwrap();
    }
    let said = pgsync(&database.url, directory.path(), &["explain"]);
    assert!(!said.out.contains("CREATE INDEX"), "{}", said.out);
}

#[test]
fn a_schema_is_laid_out_in_place_or_printed_or_compared() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("schema.json");
    for name in ["schema.json", "schema.catalog.json"] {
        std::fs::copy(example("readme-short").join(name), directory.path().join(name)).unwrap();
    }
    let run = |arguments: &[&str]| pgsync("postgresql://127.0.0.1:1/none", directory.path(), arguments);
    let short = std::fs::read_to_string(&file).unwrap();
    let printed = run(&["fmt", "--expand", "--print"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), short);
    assert_eq!(run(&["fmt", "--expand", "--check"]).code, Some(2));
    assert_eq!(run(&["fmt", "--expand"]).code, Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed.out);
    assert_eq!(run(&["fmt", "--expand", "--check"]).code, Some(0));
    assert_eq!(run(&["fmt", "--check"]).code, Some(0));
    std::fs::write(&file, "{\"table\": \"book\",\n\"colums\": []}").unwrap();
    let wrong = run(&["fmt"]);
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.err.contains("did you mean `columns`"), "{}", wrong.err);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2, "nothing half made is left");
}

#[test]
fn a_published_runtime_is_named_by_its_version() {
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("sync");
    let arguments = ["generate", "--crate", target.to_str().unwrap(), "--runtime-version", "0.7.1"];
    let said = pgsync("postgresql://127.0.0.1:1/none", &example("library"), &arguments);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let manifest = std::fs::read_to_string(target.join("Cargo.toml")).unwrap();
    assert!(
        manifest.contains(r#"version = "0.7.1""#) || manifest.contains(r#"pgsync-runtime = "0.7.1""#),
        "{manifest}"
    );
    assert!(!manifest.contains("path ="), "{manifest}");
    assert!(!said.err.contains("--runtime-path"), "what was chosen needs no warning: {}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn surroundings_that_do_not_answer_are_one_and_a_wrong_schema_is_two() {
    let directory = tempfile::tempdir().unwrap();
    let nobody = "postgresql://me@127.0.0.1:1/none";
    let run = |arguments: &[&str]| pgsync(nobody, directory.path(), arguments);
    let missing = run(&["check"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.err.contains("schema.json") && missing.err.contains("--config"), "{}", missing.err);
    std::fs::write(directory.path().join("schema.json"), r#"{"table": "book"}"#).unwrap();
    for command in [&["check"][..], &["catalog"], &["preview", "--wait", "0"], &["init", "--table", "book", "--print"]]
    {
        let said = run(command);
        assert_eq!(said.code, Some(1), "{command:?}: {}", said.err);
        assert!(said.err.contains("127.0.0.1"), "{command:?}: {}", said.err);
    }
    std::fs::write(directory.path().join("schema.catalog.json"), "{}").unwrap();
    let snapshot = run(&["check"]);
    assert_eq!(snapshot.code, Some(2));
    assert!(snapshot.err.contains("cargo pgsync catalog"), "{}", snapshot.err);
}
