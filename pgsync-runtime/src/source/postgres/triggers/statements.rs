//! The statements that make the outbox, the functions and the triggers. In: names and layouts. Out: text. Nothing is asked
//! here, and nothing is carried out.
//!
//! What a function must not do is make a statement of the user's fail. So the values are taken within a block that catches
//! every error: a column that was renamed or dropped since then gives a row without values, after which everything that uses
//! the table is read again. The block writes nothing, so it takes no transaction id of its own. The row is written outside
//! of it. A trigger has no condition and no list of columns, for those would keep columns from being dropped.

use super::layout::Layout;
use crate::source::postgres::capture::qualified;
use crate::source::postgres::connection::{quote_identifier, quote_literal};
use pgsync_plan::Program;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The table's name in the schema.
pub(super) const OUTBOX: &str = "outbox";
/// The function that notes a TRUNCATE.
pub(super) const EMPTIED: &str = "emptied";
/// Rows of a table's name that stand in a function's: names have 63 bytes at most.
const READ: usize = 36;

/// The comment of a schema of ours: by it the schema is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Version of what is made here.
    #[serde(rename = "pgsync_capture_by_triggers")]
    pub version: u32,
    /// Name of the schema file.
    #[serde(default)]
    pub name: String,
    /// The indexes that are fed from it, so that a person recognises it.
    #[serde(default)]
    pub indexes: Vec<String>,
}

impl Mark {
    /// Of a program.
    pub(super) fn of(program: &Program) -> Self {
        let name = program.capture.logical_replication().map(|names| names.file.clone()).unwrap_or_default();
        let indexes = program.plan.documents.iter().map(|document| document.index.clone()).collect();
        Self { version: 1, name, indexes }
    }

    /// Reads a comment; none where it is not one of ours.
    pub(super) fn parse(comment: Option<&str>) -> Option<Self> {
        serde_json::from_str(comment?).ok()
    }
}

/// Names of what is made for a set-up.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// The schema, which is called as the set-up is.
    pub schema: String,
    /// The trigger for rows; the same name on every table.
    pub row: String,
    /// The trigger for TRUNCATE.
    pub truncate: String,
}

impl Names {
    /// For a set-up of this name.
    pub(super) fn of(name: &str) -> Self {
        let short = digest(name);
        Self {
            schema: name.to_owned(),
            row: format!("pgsync_row_{short}"),
            truncate: format!("pgsync_truncate_{short}"),
        }
    }

    /// The outbox, quoted.
    pub(super) fn outbox(&self) -> String {
        qualified(&self.schema, OUTBOX)
    }

    /// The schema, quoted.
    pub(super) fn quoted(&self) -> String {
        quote_identifier(&self.schema)
    }
}

/// The name of the function of a table: readable, and another one for a table of that name elsewhere.
pub(super) fn function(schema: &str, table: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let readable: String = table.chars().map(plain).take(READ).collect();
    format!("row_of_{readable}_{}", digest(&format!("{schema}\n{table}")))
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The schema and the table.
///
/// The key is the order in which rows are read and deleted. Rows come and go all the time, so they are cleaned up by their
/// number and not by their share of the table.
pub(super) fn outbox(names: &Names, mark: &str) -> Vec<String> {
    let schema = names.quoted();
    vec![
        format!("CREATE SCHEMA {schema}"),
        format!("COMMENT ON SCHEMA {schema} IS {}", quote_literal(mark)),
        format!(
            "CREATE TABLE {} (\n  xid bigint NOT NULL DEFAULT txid_current(),\n  id bigserial NOT NULL,\n  \
             relation oid NOT NULL,\n  layout integer NOT NULL,\n  kind \"char\" NOT NULL,\n  before text,\n  after text,\n  \
             at timestamptz NOT NULL DEFAULT clock_timestamp(),\n  PRIMARY KEY (xid, id)\n) WITH (\n  \
             autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,\n  \
             autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000\n)",
            names.outbox()
        ),
        truncate_function(names),
        revoke(names, EMPTIED),
    ]
}

fn truncate_function(names: &Names) -> String {
    let body = format!(
        "\nBEGIN\n  INSERT INTO {} (relation, layout, kind) VALUES (TG_RELID, 0, 't');\n  RETURN NULL;\nEND ",
        names.outbox()
    );
    create(names, EMPTIED, &[], &body)
}

/// Nobody else may use a function of ours for a table of his.
pub(super) fn revoke(names: &Names, function: &str) -> String {
    format!("REVOKE ALL ON FUNCTION {}() FROM PUBLIC", qualified(&names.schema, function))
}

/// The function of a table.
pub(super) fn row_function(names: &Names, function: &str, layout: &Layout) -> String {
    create(names, function, &layout.settings, &row_body(names, layout))
}

/// What stands in the function of a table.
pub(super) fn row_body(names: &Names, layout: &Layout) -> String {
    let of = |row: &str, columns: &[String]| {
        let columns = columns.iter().map(|column| format!("{row}.{}", quote_identifier(column)));
        format!("ROW({})", columns.collect::<Vec<_>>().join(", "))
    };
    let unchanged = match &layout.compared {
        Some(columns) if !columns.is_empty() => format!(
            "    IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE'\n      AND {}::record OPERATOR(pg_catalog.*=) {}::record THEN\n      \
             RETURN NULL;\n    END IF;\n",
            of("OLD", columns),
            of("NEW", columns)
        ),
        _ => String::new(),
    };
    let (old, new) = match layout.columns.as_slice() {
        // A row of nothing and a row of one NULL are written alike: nothing is written as nothing.
        [] => ("NULL".to_owned(), "NULL".to_owned()),
        columns => {
            (format!("{}::pg_catalog.text", of("OLD", columns)), format!("{}::pg_catalog.text", of("NEW", columns)))
        }
    };
    format!(
        "\nDECLARE\n  old_values pg_catalog.text;\n  new_values pg_catalog.text;\n  what pg_catalog.\"char\";\nBEGIN\n  BEGIN\n{unchanged}    \
         IF TG_OP OPERATOR(pg_catalog.<>) 'INSERT' THEN old_values := {old}; END IF;\n    \
         IF TG_OP OPERATOR(pg_catalog.<>) 'DELETE' THEN new_values := {new}; END IF;\n    \
         IF old_values OPERATOR(pg_catalog.=) new_values THEN old_values := NULL; END IF;\n    \
         what := CASE TG_OP WHEN 'INSERT' THEN 'i' WHEN 'UPDATE' THEN 'u' ELSE 'd' END;\n  \
         EXCEPTION WHEN OTHERS THEN\n    old_values := NULL; new_values := NULL; what := '?';\n  END;\n  \
         INSERT INTO {} (relation, layout, kind, before, after)\n  VALUES (TG_RELID, {}, what, old_values, new_values);\n  \
         RETURN NULL;\nEND ",
        names.outbox(),
        layout.id
    )
}

fn create(names: &Names, function: &str, settings: &[&str], body: &str) -> String {
    let settings: String = settings.iter().map(|setting| format!(" SET {setting}")).collect();
    // No name within the body may end it.
    let mut tag = "$pgsync$".to_owned();
    while body.contains(&tag) {
        tag.insert(1, '_');
    }
    format!(
        "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER\n  \
         SET search_path = pg_catalog, pg_temp{settings} AS {tag}{body}{tag}",
        qualified(&names.schema, function)
    )
}

/// The trigger for the rows of a table.
pub(super) fn row_trigger(names: &Names, table: &str, function: &str) -> String {
    format!(
        "CREATE TRIGGER {} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE PROCEDURE {}()",
        quote_identifier(&names.row),
        qualified(&names.schema, function)
    )
}

/// The trigger for TRUNCATE of a table.
pub(super) fn truncate_trigger(names: &Names, table: &str) -> String {
    format!(
        "CREATE TRIGGER {} AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE PROCEDURE {}()",
        quote_identifier(&names.truncate),
        qualified(&names.schema, EMPTIED)
    )
}

/// Has a trigger act in sessions of replication too, whose changes are changes like others.
pub(super) fn always(table: &str, trigger: &str) -> String {
    format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {}", quote_identifier(trigger))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable_fit_and_differ() {
        let names = Names::of(&"n".repeat(63));
        assert!(names.row.len() <= 63 && names.truncate.len() <= 63 && names.row != Names::of("other").row);
        let long = function("public", &"t".repeat(63));
        assert!(long.len() <= 63 && long.is_ascii(), "{long}");
        assert_ne!(function("a", "book"), function("b", "book"));
    }

    #[test]
    fn a_name_does_not_end_the_body() {
        let layout = Layout {
            table: pgsync_plan::TableId(0),
            id: 1,
            columns: vec!["$pgsync$".to_owned(), "a\"b".to_owned()],
            compared: None,
            settings: vec!["TimeZone = 'UTC'"],
        };
        let text = row_function(&Names::of("x"), "f", &layout);
        assert!(text.contains("AS $_pgsync$") && text.ends_with("$_pgsync$"), "{text}");
        assert!(text.contains("OLD.\"a\"\"b\"") && text.contains("SET TimeZone = 'UTC'"), "{text}");
        assert!(!text.contains("*="), "every update counts");
    }

    #[test]
    fn a_comment_of_somebody_else_is_not_ours() {
        for comment in [None, Some(""), Some("standard public schema"), Some("{}"), Some("[]")] {
            assert_eq!(Mark::parse(comment), None, "{comment:?}");
        }
        let mark = Mark { version: 1, name: "orders".to_owned(), indexes: vec!["order".to_owned()] };
        assert_eq!(Mark::parse(Some(&serde_json::to_string(&mark).unwrap())), Some(mark));
    }
}
