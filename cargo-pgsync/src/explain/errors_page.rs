//! `docs/errors.md` is written from the tables of codes. In: both tables. Out: the page; a page that says something else is
//! written anew, and the test fails.

use pgsync_codegen::{Code as Finding, Mend};
use pgsync_runtime::internals::Code as Failure;
use std::fmt::Write as _;

const HEAD: &str = "\
# Error codes

An error names what was found, what is accepted and the next step. Its code does not change when the words do: match the
code in scripts and in monitoring. `error[P0301]: ...` on a terminal, `\"code\":\"P0301\"` with `--json`.
`cargo pgsync explain CODE` says what stands here.

";

const FAILURES: &str = "\
## Of the running program

The kind says what the program does:

| kind | what the program does |
|---|---|
";

const FINDINGS: &str = "\
## Of the compiler

`cargo pgsync check` finds them, and so does every command that compiles. A warning (`W`) stops nothing.

| code | meaning |
|---|---|
";

fn page() -> String {
    let mut out = HEAD.to_owned();
    out.push_str(FAILURES);
    let mut kinds = Vec::new();
    for kind in Failure::ALL.iter().map(|code| code.kind()) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
            let _ = writeln!(out, "| {} | {} |", kind.name(), kind.consequence());
        }
    }
    out.push_str("\n| code | kind | meaning | next |\n|---|---|---|---|\n");
    for code in Failure::ALL {
        let _ = writeln!(out, "| {} | {} | {} | {} |", code.id(), code.kind().name(), code.meaning(), code.next_step());
    }
    out.push('\n');
    out.push_str(FINDINGS);
    for code in Finding::ALL {
        let _ = writeln!(out, "| [{}](#{}) | {} |", code.id(), code.id().to_lowercase(), code.meaning());
    }
    for code in Finding::ALL {
        let (kind, mend) = match code.mend() {
            Mend::Schema(text) => ("json", text),
            Mend::Database(text) => ("sql", text),
        };
        let _ = write!(
            out,
            "\n### {}\n\n{}\n\n```text\n{}\n```\n\n{}\n\n```{kind}\n{mend}\n```\n\n{}\n",
            code.id(),
            code.meaning(),
            code.shown().trim_end(),
            if kind == "sql" { "Mended in the database:" } else { "Mended:" },
            code.next_step()
        );
    }
    out
}

#[test]
fn the_page_is_what_the_tables_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
    let text = page();
    if std::fs::read_to_string(path).ok().as_deref() != Some(text.as_str()) {
        std::fs::write(path, text).unwrap();
        panic!("docs/errors.md was not what the tables of codes say, and is written anew: read and commit it");
    }
}
