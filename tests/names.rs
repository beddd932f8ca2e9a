//! Names that need quoting everywhere: in SQL, in the stream's messages, in JSON, in Rust. A fixture of them goes the
//! whole way, from `init` to a module that compiles.

use crate::support::process::cargo_pgsync;
use crate::support::servers;
use crate::support::site::{Site, stop};
use serde_json::json;
use std::path::Path;
use std::process::Command;

const TABLES: &str = r#"
    CREATE SCHEMA "Group By";
    CREATE SCHEMA "it's ""quoted""";
    CREATE TYPE "Group By"."En Um" AS ENUM ('self', 'a "b" \ c', 'ü☃', 'type');
    CREATE TABLE "Group By"."select" (
      "from" integer, "Größe" text, "a ""b"" 'c'" text, "back\slash" text, "type" "Group By"."En Um", "self" boolean,
      "with space" numeric, "dotted.name" text, "$1" text, "☃" jsonb, "UPPER" text, "upper" text, "1st" text,
      "k" text, PRIMARY KEY ("from", "k"));
    COMMENT ON COLUMN "Group By"."select"."Größe" IS 'ends here: */ """ \ and #"goes on';
    CREATE TABLE "it's ""quoted"""."Über -- Table" (
      "crate" uuid PRIMARY KEY DEFAULT ('00000000-0000-0000-0000-' || lpad(nextval('s')::text, 12, '0'))::uuid,
      "In" integer, "Out; DROP" text, "fn" text, "_id" text,
      FOREIGN KEY ("In", "Out; DROP") REFERENCES "Group By"."select" ON UPDATE CASCADE);
    CREATE TABLE "Join" ("Über" uuid REFERENCES "it's ""quoted"""."Über -- Table", "?" "char");
    CREATE TABLE "?" ("?" "char" PRIMARY KEY, "where" text);
    ALTER TABLE "Join" ADD FOREIGN KEY ("?") REFERENCES "?";
    INSERT INTO "Group By"."select" SELECT n, 'Größe ' || n, 'q', '\', 'a "b" \ c', true, n / 3.0, 'd', '$', '{"☃": 1}',
      'U', 'u', '1', 'k' || n FROM generate_series(1, 20) n;
    INSERT INTO "it's ""quoted"""."Über -- Table" ("In", "Out; DROP", "fn", "_id") SELECT n, 'k' || n, 'fn ' || n, 'id'
      FROM generate_series(1, 20) n;
    INSERT INTO "?" SELECT chr(64 + n), 'where ' || n FROM generate_series(1, 5) n;
    INSERT INTO "Join" SELECT "crate", chr(65 + "In" % 5) FROM "it's ""quoted"""."Über -- Table";"#;

const SAID: &str = r#"
    SELECT "from" || '|' || "k", json_build_object('from', "from", 'Größe', "Größe", 'a "b" ''c''', "a ""b"" 'c'",
      'back\slash', "back\slash", 'type', "type", 'self', "self", 'with space', "with space", 'dotted.name', "dotted.name",
      '$1', "$1", '☃', "☃", 'UPPER', "UPPER", 'upper', "upper", '1st', "1st", 'k', "k", 'Kinder "" \ ''', (
        SELECT json_agg(json_build_object('fn', u."fn", '_id', u."_id", 'crate', u."crate", 'joined', (
            SELECT json_agg(q."where" ORDER BY q."?") FROM "Join" j JOIN "?" q USING ("?") WHERE j."Über" = u."crate")
          ) ORDER BY u."crate")
        FROM "it's ""quoted"""."Über -- Table" u WHERE (u."In", u."Out; DROP") = (s."from", s."k")))::text
    FROM "Group By"."select" s"#;

#[tokio::test(flavor = "multi_thread")]
async fn names_of_every_kind_go_the_whole_way() {
    for (name, server, engine) in [
        ("names_newest", servers::postgres_newest(), servers::opensearch()),
        ("names_oldest", servers::postgres_oldest(), servers::elasticsearch()),
    ] {
        let tables = format!("CREATE SEQUENCE s; {TABLES}");
        let site = Site::of(name, &server, engine, &tables, SAID).await;
        site.nodes(&json!({ "schema": "Group By", "table": "select", "children": [{
            "schema": "it's \"quoted\"", "table": "Über -- Table", "label": "Kinder \"\" \\ '", "columns": ["fn", "_id", "crate"],
            "relationship": { "variant": "object", "type": "one_to_many" },
            "children": [{
                "table": "?", "label": "joined", "columns": ["where"],
                "relationship": { "variant": "scalar", "type": "one_to_many", "through_tables": ["Join"] }
            }]
        }]}));
        let process = site.follow();
        site.converges(&process).await;
        for sql in [
            r#"UPDATE "Group By"."select" SET "Größe" = 'anders', "UPPER" = NULL WHERE "from" < 5"#,
            r#"UPDATE "it's ""quoted"""."Über -- Table" SET "fn" = 'neu', "In" = 2, "Out; DROP" = 'k2' WHERE "In" = 3"#,
            r#"UPDATE "?" SET "where" = 'elsewhere' WHERE "?" = 'B'"#,
            r#"UPDATE "Join" SET "?" = 'C' WHERE "?" = 'D'"#,
            r#"UPDATE "Group By"."select" SET "k" = 'a|b' WHERE "from" = 9; UPDATE "Group By"."select" SET "k" = 'k9' WHERE "from" = 9"#,
            r#"TRUNCATE "Join""#,
        ] {
            site.database.run(sql).await;
            site.converges(&process).await;
        }
        stop(process);
        compiles(&site);
    }
}

/// The module for these names, from the snapshot, as a crate of its own.
fn compiles(site: &Site) {
    let here = site.directory.path();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let pgsync = |arguments: &[&str]| {
        let mut command = Command::new(cargo_pgsync());
        command.arg("pgsync").args(arguments).current_dir(here).env("PG_URL", &site.database.url);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    pgsync(&["catalog"]);
    pgsync(&["catalog", "--check"]);
    pgsync(&["fmt", "--expand"]);
    pgsync(&["explain"]);
    let runtime = workspace.join("pgsync-runtime");
    pgsync(&["generate", "--crate", "made", "--runtime-path", runtime.to_str().unwrap()]);
    pgsync(&["init", "--table", "Group By.select", "--print"]);
    std::fs::copy(workspace.join("Cargo.lock"), here.join("made/Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .current_dir(here.join("made"))
        .args(["check", "--config", "profile.dev.package.'*'.opt-level=1"])
        .args(["--config", "profile.dev.package.'*'.debug=false"])
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
}
