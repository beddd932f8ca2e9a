use super::{Postgres, statements};
use crate::emit::fixture;
use pgsync_plan::Statement;

fn library() -> pgsync_plan::DocumentStatements {
    statements(&fixture::library(), &Postgres).remove(0)
}

fn assert_sql(statement: &Statement, sql: &str, params: &[&str]) {
    assert_eq!(statement.sql, sql.trim());
    assert_eq!(statement.params, params);
}

#[test]
fn a_missing_root_still_gives_a_row() {
    assert_sql(
        &library().roots_by_key,
        r#"
SELECT asked.ordinal, asked.key1, root.tableoid IS NOT NULL, root."isbn", root."title", root."publisher_id", (root."data" -> 'it''s' -> 0 #> '{a,b}'), root."price", to_json(root."tags")::text, root."type"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."book" AS root ON root."isbn" = asked.key1
ORDER BY asked.ordinal"#,
        &["text[]"],
    );
}

#[test]
fn a_join_table_that_says_everything_is_read_apart() {
    let library = library();
    assert_sql(
        library.joins[2].as_ref().unwrap(),
        r#"
SELECT asked.ordinal, through."author_id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book_isbn" = asked.key1
ORDER BY asked.ordinal, through."author_id", through."id""#,
        &["text[]"],
    );
    assert_sql(
        library.levels[2].as_ref().unwrap(),
        r#"
SELECT asked.ordinal, child."name", child."id", child."handle"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."author" AS child ON child."id" = asked.key1
ORDER BY asked.ordinal, child."id""#,
        &["integer[]"],
    );
}

#[test]
fn children_whose_order_a_collation_decides_are_joined() {
    let mut plan = fixture::library();
    for (table, column) in [("author", "id"), ("book_author", "author_id")] {
        let table = plan.tables.iter_mut().find(|found| found.name == table).unwrap();
        table.columns.iter_mut().find(|found| found.name == column).unwrap().ty = fixture::text();
    }
    let library = statements(&plan, &Postgres).remove(0);
    assert!(library.joins[2].is_none());
    assert_sql(
        library.levels[2].as_ref().unwrap(),
        r#"
SELECT asked.ordinal, child."name", child."id", child."handle"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book_isbn" = asked.key1
JOIN "public"."author" AS child ON child."id" = through."author_id"
ORDER BY asked.ordinal, child."id", through."id""#,
        &["text[]"],
    );
}

#[test]
fn a_route_climbs_without_the_changed_row() {
    let routes = library().routes;
    assert!(routes[0].is_none());
    assert_sql(
        routes[4].as_ref().unwrap(),
        r#"
SELECT DISTINCT root."isbn"::text
FROM unnest($1::public.citext[]) AS asked (key1)
JOIN "public"."author" AS node2 ON node2."handle" OPERATOR(public.=) asked.key1
JOIN "public"."book_author" AS through2 ON through2."author_id" = node2."id"
JOIN "public"."book" AS root ON root."isbn" = through2."book_isbn""#,
        &["public.citext[]"],
    );
    assert_sql(
        routes[3].as_ref().unwrap(),
        r#"
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1"#,
        &["text[]"],
    );
}

#[test]
fn ranges_are_half_open() {
    let ranges = library().roots_by_range;
    assert_sql(
        &ranges.cut_next,
        r#"
SELECT root."isbn"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text
ORDER BY root."isbn"
OFFSET $2::bigint - 1 LIMIT 1"#,
        &["text", "bigint"],
    );
    assert!(ranges.between.sql.contains("WHERE root.\"isbn\" > $1::text AND root.\"isbn\" <= $2::text\n"));
    assert!(!ranges.all.sql.contains("WHERE"));
}

#[test]
fn composite_bounds_compare_as_rows_unless_an_operator_needs_its_schema() {
    let mut plan = fixture::library();
    plan.documents[0].nodes[0].key = vec![pgsync_plan::ColumnId(0), pgsync_plan::ColumnId(2)];
    let after = |plan: &pgsync_plan::Plan| statements(plan, &Postgres).remove(0).roots_by_range.after.sql;
    assert!(after(&plan).contains(r#"WHERE (root."isbn", root."publisher_id") > ($1::text, $2::integer)"#));
    plan.tables[0].columns[0].ty.cast = "public.citext".to_owned();
    assert!(after(&plan).contains(
        r#"WHERE root."isbn" OPERATOR(public.>=) $1::public.citext AND (root."isbn" OPERATOR(public.>) $1::public.citext OR (root."isbn" OPERATOR(public.=) $1::public.citext AND root."publisher_id" > $2::integer))"#
    ), "{}", after(&plan));
}

#[test]
fn what_hangs_on_the_roots_key_is_read_by_its_range() {
    let mut plan = fixture::library();
    for (table, column) in [("book", "isbn"), ("book_author", "book_isbn"), ("review", "book_isbn")] {
        let Some(table) = plan.tables.iter_mut().find(|found| found.name == table) else { continue };
        let Some(column) = table.columns.iter_mut().find(|found| found.name == column) else { continue };
        column.ty = fixture::ty("integer", pgsync_plan::ValueKind::Int4);
    }
    let library = statements(&plan, &Postgres).remove(0);
    assert_sql(
        &library.ranges[2].as_ref().unwrap().between,
        r#"
SELECT through."book_isbn", through."author_id"
FROM "public"."book_author" AS through
WHERE through."book_isbn" > $1::integer AND through."book_isbn" <= $2::integer
ORDER BY through."book_isbn", through."author_id", through."id""#,
        &["integer", "integer"],
    );
    // A publisher is found by another column of the book.
    assert!(library.ranges[1].is_none());
    for node in &mut plan.documents[0].nodes {
        node.link.iter_mut().for_each(|link| link.enforced = false);
    }
    let unsure = statements(&plan, &Postgres).remove(0);
    assert!(unsure.ranges.iter().all(Option::is_none), "rows of roots long gone could be in the range");
    let by_text = statements(&fixture::library(), &Postgres).remove(0);
    assert!(by_text.ranges.iter().all(Option::is_none), "a collation decides the order of texts");
}
