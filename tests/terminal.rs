//! What a terminal, a pipe and a machine see: no error when the reader of a pipe has had enough, no colour where none is
//! wanted, and nothing but JSON with `--json`.

use crate::support::database::Database;
use crate::support::process::cargo_pgsync;
use crate::support::servers;
use crate::support::site::{LIMIT, Site, stop};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples").join(name)
}

fn pgsync(database: &str, directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_pgsync());
    command.arg("pgsync").args(arguments).current_dir(directory).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
        command.env_remove(name);
    }
    command.env("PG_URL", database).env("ELASTICSEARCH_URL", "http://127.0.0.1:1");
    command
}

/// Runs it with a reader of its output that goes away after so many lines.
fn read_in_part(mut command: Command, lines: usize) -> (Option<i32>, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..lines {
        out.read_line(&mut String::new()).unwrap();
    }
    drop(out);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_had_enough_is_no_error() {
    let site = Site::new("terminal_pipe").await;
    site.database.run("INSERT INTO book SELECT n, repeat('long ', 100) FROM generate_series(1000, 3000) n").await;
    for (arguments, lines) in [
        (&["preview", "-n", "2000"][..], 3),
        (&["preview", "-n", "2000", "--json"], 1),
        (&["explain"], 0),
        (&["explain", "--stage", "sql"], 1),
        (&["init", "--table", "book", "--print"], 0),
        (&["fmt", "--print", "--expand"], 0),
        (&["bootstrap", "--dry-run"], 0),
    ] {
        let (code, said) = read_in_part(pgsync(&site.database.url, site.directory.path(), arguments), lines);
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
        assert!(!said.contains("panicked") && !said.contains("error"), "{arguments:?}: {said}");
    }
}

/// Each line of both outputs is JSON, or the whole of stdout is one value.
fn speaks_json(mut command: Command, code: i32) -> Vec<Value> {
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(code), "{out}{err}");
    let lines = |text: &str| -> Vec<Value> {
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{out}{err}")))
            .collect()
    };
    let mut said = serde_json::from_str::<Value>(&out).map_or_else(|_| lines(&out), |value| vec![value]);
    said.extend(lines(&err));
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn with_json_everything_is_json() {
    let database = Database::create(&servers::postgres_newest(), "terminal_json").await;
    database.run(&std::fs::read_to_string(example("library/schema.sql")).unwrap()).await;
    let library = example("library");
    let nobody = "postgresql://me@127.0.0.1:1/none";
    let empty = tempfile::tempdir().unwrap();
    for (url, directory, arguments, code) in [
        (database.url.as_str(), library.as_path(), &["preview", "--json"][..], 0),
        (&database.url, &library, &["explain", "--json"], 0),
        (&database.url, &library, &["explain", "--json", "--stage", "plan"], 0),
        (&database.url, &library, &["explain", "--json", "--stage", "rust"], 0),
        (&database.url, &library, &["--json", "bootstrap", "--dry-run"], 0),
        (&database.url, &library, &["init", "--table", "book", "--print", "--json"], 0),
        (&database.url, &library, &["check", "--json"], 0),
        // Errors: of usage, of the schema, of the surroundings.
        (nobody, empty.path(), &["check", "--json"], 2),
        (nobody, &library, &["preview", "--json", "--no-such-flag"], 2),
        (nobody, &library, &["no-such-command", "--json"], 2),
        (nobody, &library, &["preview", "--json", "--wait", "0"], 1),
    ] {
        let said = speaks_json(pgsync(url, directory, arguments), code);
        assert!(!said.is_empty(), "{arguments:?}");
        if code != 0 {
            let last = said.last().unwrap();
            assert!(last["error"].is_string() && last["kind"].is_string(), "{arguments:?}: {last}");
        }
    }
    std::fs::write(empty.path().join("schema.json"), r#"{"table": "book", "colums": []}"#).unwrap();
    speaks_json(pgsync(&database.url, empty.path(), &["check", "--json"]), 2);
}

/// Runs it on a terminal, which `script` makes, and gives what that shows.
fn on_a_terminal(site: &Site, settings: &[(&str, &str)], command: &str) -> String {
    let servers = [("PG_URL", site.database.url.as_str()), ("ELASTICSEARCH_URL", site.engine.as_str())];
    shown(site.directory.path(), &[&servers, settings].concat(), command)
}

fn shown(directory: &Path, settings: &[(&str, &str)], command: &str) -> String {
    let mut script = Command::new("script");
    let command = format!("{} pgsync {command}", cargo_pgsync().display());
    script.args(["-qec", &command, "/dev/null"]).current_dir(directory);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
        script.env_remove(name);
    }
    script.env("TERM", "xterm").envs(settings.iter().copied()).stdin(Stdio::null());
    String::from_utf8(script.output().unwrap().stdout).unwrap()
}

#[test]
fn what_a_schema_file_says_moves_no_cursor() {
    let directory = tempfile::tempdir().unwrap();
    let schema = directory.path().join("schema.json");
    std::fs::copy(example("library/schema.catalog.json"), directory.path().join("schema.catalog.json")).unwrap();
    let acts = |c: char| (c.is_control() && !"\r\n".contains(c)) || c == '\u{202e}';
    let nobody = [("NO_COLOR", "1"), ("PG_URL", "postgresql://me@127.0.0.1:1/none")];
    for (table, commands) in [
        ("author", &["explain", "explain --stage bound", "explain --stage rust", "fmt --print", "check"][..]),
        ("autor\\u001b[2J\\u009b1m\u{9b}1m\\u202e", &["explain", "check", "fmt --print --expand"]),
    ] {
        let label = "\\u001b[2J\\u009b1m\\u007f\\u202e\u{9b}1m";
        let child = format!(r#"{{"table": "{table}", "label": "{label}"}}"#);
        std::fs::write(&schema, format!(r#"{{"table": "book", "children": [{child}]}}"#)).unwrap();
        for command in commands {
            let said = shown(directory.path(), &nobody, command);
            assert!(!said.is_empty() && !said.contains(acts), "{command}: {said:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_says_moves_no_cursor() {
    let site = Site::new("terminal_escapes").await;
    site.database
        .run("ALTER TABLE book ADD \"a\u{1b}[2Jb\" text; ALTER TABLE review RENAME TO \"r\u{1b}]0;x\u{7}\"")
        .await;
    let plain = [("NO_COLOR", "1")];
    let proposed = on_a_terminal(&site, &plain, "init --table book --print");
    assert!(proposed.contains("\\u{1b}[2Jb") || proposed.contains("\\u001b[2Jb"), "{proposed:?}");
    assert!(!proposed.contains('\x1b'), "{proposed:?}");
    let (code, said) =
        read_in_part(pgsync(&site.database.url, site.directory.path(), &["init", "--table", "book", "--force"]), 0);
    assert_eq!(code, Some(0), "{said}");
    for command in ["bootstrap --dry-run", "explain", "preview -n 1", "check"] {
        let said = on_a_terminal(&site, &plain, command);
        assert!(!said.contains('\x1b'), "{command}: {said:?}");
    }
    // A difference that names it, found by a program that was compiled before.
    let (code, said) = read_in_part(pgsync(&site.database.url, site.directory.path(), &["catalog"]), 0);
    assert_eq!(code, Some(0), "{said}");
    site.database.run("ALTER TABLE book DROP \"a\u{1b}[2Jb\"").await;
    let said = on_a_terminal(&site, &plain, "bootstrap");
    assert!(said.contains("a\\u{1b}[2Jb") && !said.contains('\x1b'), "{said:?}");
    site.database.run("ALTER TABLE book ADD \"a\u{1b}[2Jb\" text").await;
    // A script is for the database, byte for byte.
    let script = pgsync(&site.database.url, site.directory.path(), &["bootstrap", "--dry-run"]).output().unwrap();
    assert!(String::from_utf8(script.stdout).unwrap().contains("\"r\u{1b}]0;x\u{7}\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn colour_is_left_out_where_it_is_not_wanted() {
    let site = Site::new("terminal_colour").await;
    let said = |settings: &[(&str, &str)], command: &str| on_a_terminal(&site, settings, command);
    let coloured = said(&[], "sync -b");
    assert!(coloured.contains("\x1b["), "this is what the others are held against: {coloured:?}");
    for setting in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        let plain = said(&[setting], "preview");
        assert!(plain.contains("INFO"), "{setting:?}: {plain:?}");
        assert!(!plain.contains('\x1b'), "{setting:?}: {plain:?}");
    }
    // A bar moves the cursor, which such a terminal cannot.
    let plain = said(&[("TERM", "dumb")], "sync --rebuild");
    assert!(plain.contains("INFO") && !plain.contains('\x1b'), "{plain:?}");
    std::fs::write(site.directory.path().join("schema.json"), r#"{"table": "book", "colums": []}"#).unwrap();
    assert!(said(&[], "check").contains("\x1b["));
    for setting in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        assert!(!said(&[setting], "check").contains('\x1b'), "{setting:?}");
    }
}

/// A supervisor that starts everything at once has to know how long a start waits for the engine.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_gives_up_says_how_to_wait_longer() {
    let mut site = Site::new("terminal_wait").await;
    let engine = std::mem::replace(&mut site.engine, "http://127.0.0.1:1".to_owned());
    for command in [&["run", "-b", "--wait", "1"][..], &["status", "--wait", "1"], &["teardown", "--wait", "1"]] {
        let (status, said) = site.start(command).wait(LIMIT);
        let said = said.join("\n");
        assert_eq!(status.code(), Some(1), "{command:?}: {said}");
        assert!(said.contains("PGSYNC_WAIT"), "{command:?}: {said}");
    }
    site.engine = engine;
    stop(site.follow());
}
