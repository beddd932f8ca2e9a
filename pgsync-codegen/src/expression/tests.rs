use super::{Finding, Read, read};
use crate::bound::Piece;
use crate::catalog::Catalog;
use pgsync_plan::ValueKind;

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("tests.catalog.json")).unwrap()
}

fn of(text: &str) -> Result<Read, Vec<Finding>> {
    let catalog = catalog();
    read(text, &catalog.tables[catalog.table("public", "item").unwrap()], &catalog)
}

/// The expression as a statement has it.
fn written(text: &str) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Column(column) => format!("t.\"{column}\""),
    };
    let read = of(text).unwrap_or_else(|findings| panic!("{text}: {findings:?}"));
    read.expression.pieces.iter().map(piece).collect()
}

#[test]
fn columns_are_found_wherever_they_stand_and_nothing_else_changes() {
    for (text, expected) in [
        ("deleted_at IS NULL", r#"t."deleted_at" IS NULL"#),
        ("item.Deleted_At is null", r#"t."deleted_at" is null"#),
        (r#""camelCase" = 'deleted_at' "#, r#"t."camelCase" = 'deleted_at'"#),
        (
            "name IN ('a', 'it''s') AND NOT (price > 1.5 OR done)",
            r#"t."name" IN ('a', 'it''s') AND NOT (t."price" > 1.5 OR t."done")"#,
        ),
        ("doc ->> 'name' LIKE 'name%'", r#"t."doc" ->> 'name' LIKE 'name%'"#),
        ("doc#>>'{a,b}' ~* '^x'", r##"t."doc"#>>'{a,b}' ~* '^x'"##),
        ("(doc->>'n')::int BETWEEN -1 AND 7", r#"(t."doc"->>'n')::int BETWEEN -1 AND 7"#),
        ("name -- a comment\n = 'x' /* another /* within */ */ ", "t.\"name\" = 'x'"),
        ("done", r#"t."done""#),
        ("name = ANY ('{a,b}'::text[])", r#"t."name" = ANY ('{a,b}'::text[])"#),
        ("tags[1] = 'a' AND 'b' = ANY (tags)", r#"t."tags"[1] = 'a' AND 'b' = ANY (t."tags")"#),
        ("CASE WHEN price > 0 THEN done ELSE false END", r#"CASE WHEN t."price" > 0 THEN t."done" ELSE false END"#),
        ("coalesce(lower(name), '') <> ''", r#"coalesce(lower(t."name"), '') <> ''"#),
        (r"name LIKE '10\%'", r#"t."name" LIKE E'10\\%'"#),
        (r"name = E'a\n'", r#"t."name" = E'a\n'"#),
        (
            "deleted_at > timestamptz '2020-01-01' + interval '1 day'",
            r#"t."deleted_at" > timestamptz '2020-01-01' + interval '1 day'"#,
        ),
        ("extract(year from deleted_at) = 2020", r#"extract(year from t."deleted_at") = 2020"#),
        ("(price, done) = (1, true)", r#"(t."price", t."done") = (1, true)"#),
        (
            "state = 'open' AND state <> 'closed'::public.state",
            r#"t."state" = 'open' AND t."state" <> 'closed'::public.state"#,
        ),
        ("handle::text = 'x' AND handle IS NOT NULL", r#"t."handle"::text = 'x' AND t."handle" IS NOT NULL"#),
        ("handle OPERATOR(public.=) 'x'", r#"t."handle" OPERATOR(public.=) 'x'"#),
        ("name = 'today'", r#"t."name" = 'today'"#),
        ("é = 'é' AND name = 'é'", r#"t."é" = 'é' AND t."name" = 'é'"#),
    ] {
        assert_eq!(written(text), expected, "{text}");
    }
}

#[test]
fn what_is_about_more_than_one_row_is_refused_at_its_place() {
    for (text, at, said) in [
        ("price > (SELECT 1)", "SELECT 1", "a query"),
        ("EXISTS (SELECT 1)", "", "a query"),
        ("price IN (SELECT 1)", "", "a query"),
        ("sum(price) > 1", "sum", "several rows"),
        ("price > 1 AND now() > deleted_at", "now", "something else each time"),
        ("deleted_at > CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", "something else each time"),
        ("name = current_user", "current_user", "something else each time"),
        ("deleted_at > 'now'", "'now'", "another moment"),
        ("deleted_at > 'Today 10:00'::timestamp", "'Today 10:00'", "another moment"),
        ("price = $1", "$1", "parameter"),
        ("mine(price)", "mine", "may be called"),
        ("public.lower(name) = 'x'", "public.lower", "may be called"),
        ("lowr(name) = 'x'", "lowr", "may be called"),
        ("other.name = 'x'", "other.name", "not the table of this node"),
        ("name = 'x' AND nme = 'y'", "nme", "no column `nme`"),
        ("camelCase = 'x'", "camelCase", "no column `camelcase`"),
        ("handle = 'x'", "handle", "an extension's"),
        ("name::state = 'open'", "name", "stands in schema `public`"),
        ("name::regclass = 'x'", "name", "depends on the catalogue"),
        ("row_number() OVER () = 1", "row_number", "may be called"),
        ("lower(DISTINCT name) = 'x'", "lower", "not supported"),
        ("name = 'x' name", "name", "ends before"),
        ("name = 'x'; DROP TABLE item", ";", "ends before"),
        ("name =", "=", "no SQL expression"),
        ("name = 'x", "'x", "no SQL expression"),
        ("", "", "no SQL expression"),
        ("é = 'x' AND nme = 1", "nme", "no column"),
        ("done\nAND nme = 1", "nme", "no column"),
    ] {
        let findings = of(text).unwrap_err();
        let finding = findings.iter().find(|finding| finding.message.contains(said));
        let finding = finding.unwrap_or_else(|| panic!("{text}: {findings:?}"));
        if !at.is_empty() {
            let start = text.rfind(at).unwrap();
            assert_eq!(text.get(finding.at.clone()), Some(at), "{text}: {finding:?}");
            assert_eq!(finding.at.start, start, "{text}: {finding:?}");
        }
        assert!(!finding.help.is_empty());
    }
    assert!(of("camelCase = 'x'").unwrap_err()[0].help[0].contains(r#"`"camelCase"`"#));
    assert!(of("lowr(name) = 'x'").unwrap_err()[0].help[0].contains("`lower`"));
}

#[test]
fn no_text_takes_the_compiler_down() {
    let deep = format!("{}done{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(of(&deep).unwrap_err()[0].message.contains("at most"));
    let deep = format!("{}done{}", "(".repeat(4_000), ")".repeat(4_000));
    assert!(of(&deep).unwrap_err()[0].message.contains("nested too deeply"));
    let long = vec!["done"; 1_200].join(" OR ");
    assert!(of(&long).is_ok());
    let not = format!("{}done", "NOT ".repeat(2_000));
    assert!(of(&not).is_err());
}

#[test]
fn types_are_told_where_the_words_tell_them() {
    let gives = |text: &str| {
        of(text).unwrap_or_else(|found| panic!("{text}: {found:?}")).gives.map(|gives| (gives.kind, gives.array))
    };
    for (text, kind) in [
        ("price > 1", ValueKind::Bool),
        ("done", ValueKind::Bool),
        ("name || ' ' || price", ValueKind::Text),
        ("lower(name)", ValueKind::Text),
        ("doc ->> 'a'", ValueKind::Text),
        ("doc -> 'a'", ValueKind::Jsonb),
        ("length(name) + 1", ValueKind::Int4),
        ("price * 2", ValueKind::Numeric),
        ("name::date", ValueKind::Date),
        ("coalesce(name, 'x')", ValueKind::Text),
        ("CASE WHEN done THEN 1 ELSE NULL END", ValueKind::Int4),
    ] {
        assert_eq!(gives(text), Some((kind, false)), "{text}");
    }
    assert_eq!(gives("tags"), Some((ValueKind::Text, true)));
    for open in ["deleted_at + interval '1 day'", "round(price)", "coalesce(name, 1)", "tags || 'x'"] {
        assert_eq!(gives(open), None, "{open}");
    }
}
