//! `cargo pgsync explain CODE`. In: a code as it is printed. Out: what it means, for the compiler's an example of the mistake
//! and its mend, for the running program's what it does about it, and what to do next. No schema file is read.

use super::indented;
use crate::compile::Format;
use pgsync_codegen::{Code as Finding, Mend};
use pgsync_runtime::internals::{Code as Failure, Error, ErrorKind, Result};
use serde_json::json;

/// How many codes are offered in the place of one that there is not.
const NEAR: usize = 3;

/// A code of the one or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    /// What the compiler finds.
    Finding(Finding),
    /// What happens to a running program.
    Failure(Failure),
}

/// Gives the text, or with `--json` one object.
pub(crate) fn explain_code(text: &str, format: Format) -> Result<String> {
    let asked = text.trim().to_ascii_uppercase();
    let code = all().find(|code| code.id() == asked).ok_or_else(|| unknown(text, &asked))?;
    Ok(if format.json { object(code) } else { page(code) })
}

fn all() -> impl Iterator<Item = Code> {
    Finding::ALL.iter().copied().map(Code::Finding).chain(Failure::ALL.iter().copied().map(Code::Failure))
}

impl Code {
    fn id(self) -> &'static str {
        match self {
            Self::Finding(code) => code.id(),
            Self::Failure(code) => code.id(),
        }
    }
}

fn page(code: Code) -> String {
    match code {
        Code::Finding(code) => {
            let kind = if code.is_warning() { "warning" } else { "error" };
            let mend = match code.mend() {
                Mend::Schema(text) => format!("Mended:\n\n{}", indented(text)),
                Mend::Database(text) => format!("Mended in the database:\n\n{}", indented(text)),
            };
            format!(
                "{} ({kind}): {}\n\nA schema file with the mistake:\n\n{}\n\nWhat is said of it:\n\n{}\n\n{mend}\n\nNext: {}\n",
                code.id(),
                code.meaning(),
                indented(code.mistake()),
                indented(&code.shown()),
                code.next_step()
            )
        }
        Code::Failure(code) => format!(
            "{} ({}): {}\n\nWhat the program does: {}\n\nNext: {}\n",
            code.id(),
            code.kind().name(),
            code.meaning(),
            code.kind().consequence(),
            code.next_step()
        ),
    }
}

fn object(code: Code) -> String {
    let value = match code {
        Code::Finding(code) => {
            let (schema, database) = match code.mend() {
                Mend::Schema(text) => (Some(text), None),
                Mend::Database(text) => (None, Some(text)),
            };
            json!({
                "code": code.id(),
                "kind": if code.is_warning() { "warning" } else { "error" },
                "meaning": code.meaning(),
                "mistake": code.mistake(),
                "said": code.shown(),
                "mended_schema": schema,
                "mended_in_database": database,
                "next": code.next_step(),
            })
        }
        Code::Failure(code) => json!({
            "code": code.id(),
            "kind": code.kind().name(),
            "meaning": code.meaning(),
            "consequence": code.kind().consequence(),
            "next": code.next_step(),
        }),
    };
    super::pretty(&value)
}

fn unknown(text: &str, asked: &str) -> Error {
    let near: Vec<&str> = nearest(asked);
    let help = if near.is_empty() {
        "a code stands in brackets behind `error` or `warning`, such as E0102 or P0301; docs/errors.md lists them all"
            .to_owned()
    } else {
        format!("the nearest are {}; docs/errors.md lists them all", near.join(", "))
    };
    Error::new(ErrorKind::Usage, format!("there is no error code `{text}`")).help(help)
}

/// The codes whose letter and number are nearest; none where it is no letter and number.
fn nearest(asked: &str) -> Vec<&'static str> {
    let Some((letter, number)) = parts(asked) else { return Vec::new() };
    let distance = |id: &str| {
        let (own, value) = parts(id).unwrap_or_default();
        // A wrong letter is a slip too, and less likely than a wrong digit.
        value.abs_diff(number) + if letter == own { 0 } else { 10_000 }
    };
    let mut ids: Vec<&str> = all().map(Code::id).collect();
    ids.sort_by_key(|id| distance(id));
    ids.truncate(NEAR);
    ids
}

/// Letter and number; an O is a slip for the digit.
fn parts(code: &str) -> Option<(char, u32)> {
    let mut rest = code.chars();
    let letter = rest.next()?;
    let number = rest.as_str().replace('O', "0").parse().ok()?;
    letter.is_ascii_alphabetic().then_some((letter, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(code: &str) -> String {
        explain_code(code, Format { json: false }).unwrap()
    }

    #[test]
    fn every_code_is_explained() {
        for code in all() {
            let said = text(code.id());
            assert!(said.starts_with(code.id()) && said.contains("\n\nNext: "), "{said}");
            let object = explain_code(&code.id().to_lowercase(), Format { json: true }).unwrap();
            let object: serde_json::Value = serde_json::from_str(&object).unwrap();
            assert_eq!(object["code"], code.id());
        }
        let ids: std::collections::BTreeSet<&str> = all().map(Code::id).collect();
        assert_eq!(ids.len(), all().count(), "the compiler and the runtime share a code");
    }

    #[test]
    fn the_compilers_codes_have_an_example_with_its_place_and_its_mend() {
        let said = text("E0102");
        for part in
            ["    error[E0102]: table book has no column `titel`", " --> schema.json:3:23", "did you mean `title`?"]
        {
            assert!(said.contains(part), "{said}");
        }
        assert!(
            said.contains(
                "Mended:\n\n    {\n      \"table\": \"book\",\n      \"columns\": [\"isbn\", \"title\"]\n    }"
            ),
            "{said}"
        );
        assert!(text("E0107").contains("Mended in the database:\n\n    ALTER TABLE"));
    }

    #[test]
    fn the_runtimes_codes_say_what_happens_and_what_to_do() {
        let said = text("P0703");
        assert!(said.contains("(refused)") && said.contains("exit code 1") && said.contains("run --rebuild"), "{said}");
    }

    #[test]
    fn a_code_that_there_is_not_gives_the_nearest() {
        let help = |code: &str| {
            let error = explain_code(code, Format { json: false }).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(code), "{error}");
            error.next_step().unwrap().to_owned()
        };
        assert!(help("E0109").starts_with("the nearest are E0108, E0107, E0106;"), "{}", help("E0109"));
        assert!(help("p03o1").starts_with("the nearest are P0301,"), "{}", help("p03o1"));
        assert!(help("E102").starts_with("the nearest are E0102,"));
        assert!(help("X0102").starts_with("the nearest are E0102,"), "{}", help("X0102"));
        assert!(help("everything").contains("in brackets"));
    }
}
