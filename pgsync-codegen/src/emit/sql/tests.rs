use super::{Dialect as _, Postgres, statements};
use crate::catalog::Catalog;
use crate::{Source, compile, fixture};
use pgsync_plan::{BoundedStatements, ColumnId, DocumentStatements, Expression, Piece, Plan, Statement, ValueKind};

fn library() -> DocumentStatements {
    statements(&fixture::library(), &Postgres).remove(0)
}

fn range(statements: &DocumentStatements, node: usize) -> Option<&BoundedStatements> {
    statements.levels[node].as_ref()?.range.as_ref()
}

/// The statements after a change of the plan.
fn changed(plan: &mut Plan, enforced: bool) -> DocumentStatements {
    fixture::decide(plan, enforced);
    statements(plan, &Postgres).remove(0)
}

fn assert_sql(statement: &Statement, sql: &str) {
    assert_eq!(statement.sql, sql.trim());
}

#[test]
fn a_missing_root_still_gives_a_row() {
    assert_sql(
        &library().roots_by_key,
        r#"
SELECT asked.ordinal,
  asked.key1,
  root."isbn" IS NOT NULL,
  root."isbn",
  root."title",
  root."publisher_id",
  (root."data" -> 'it''s' -> 0 #> '{a,b}'),
  root."price",
  to_json(root."tags")::text,
  root."type"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."book" AS root ON root."isbn" = asked.key1
ORDER BY asked.ordinal"#,
    );
}

#[test]
fn a_join_table_that_says_everything_is_read_apart() {
    let library = library();
    let authors = library.levels[2].as_ref().unwrap();
    assert_sql(
        authors.join.as_ref().unwrap(),
        r#"
SELECT asked.ordinal,
  through."author_id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book_isbn" = asked.key1"#,
    );
    assert_sql(
        &authors.rows,
        r#"
SELECT asked.ordinal,
  child."name",
  child."id",
  child."handle"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."author" AS child ON child."id" = asked.key1"#,
    );
}

#[test]
fn children_whose_order_a_collation_decides_are_joined() {
    let mut plan = fixture::library();
    for (table, column) in [("author", "id"), ("book_author", "author_id")] {
        let table = plan.tables.iter_mut().find(|found| found.name == table).unwrap();
        table.columns.iter_mut().find(|found| found.name == column).unwrap().ty = fixture::text();
    }
    let library = changed(&mut plan, true);
    let authors = library.levels[2].as_ref().unwrap();
    assert!(authors.join.is_none() && authors.prefetch.is_none());
    assert_sql(
        &authors.rows,
        r#"
SELECT asked.ordinal,
  child."name",
  child."id",
  child."handle"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book_isbn" = asked.key1
JOIN "public"."author" AS child ON child."id" = through."author_id"
ORDER BY asked.ordinal, child."id", through."id""#,
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
JOIN "public"."author" AS node2 ON node2."handle" OPERATOR("public".=) asked.key1
JOIN "public"."book_author" AS through2 ON through2."author_id" = node2."id"
JOIN "public"."book" AS root ON root."isbn" = through2."book_isbn""#,
    );
    assert_sql(
        routes[3].as_ref().unwrap(),
        r#"
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1"#,
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
OFFSET $2::bigint LIMIT 1"#,
    );
    assert!(ranges.rows.between.sql.contains("WHERE root.\"isbn\" > $1::text AND root.\"isbn\" <= $2::text"));
    assert!(!ranges.rows.all.sql.contains("WHERE"));
}

#[test]
fn composite_bounds_compare_as_rows_unless_an_operator_needs_its_schema() {
    let mut plan = fixture::library();
    plan.documents[0].key = vec![ColumnId(0), ColumnId(2)];
    let after = |plan: &Plan| statements(plan, &Postgres).remove(0).roots_by_range.rows.after.sql;
    assert!(after(&plan).contains(r#"WHERE (root."isbn", root."publisher_id") > ($1::text, $2::integer)"#));
    plan.tables[0].columns[0].ty = fixture::ty("public.citext", ValueKind::Text);
    assert!(after(&plan).contains(
        r#"WHERE root."isbn" OPERATOR("public".>=) $1::public.citext AND (root."isbn" OPERATOR("public".>) $1::public.citext OR (root."isbn" OPERATOR("public".=) $1::public.citext AND root."publisher_id" > $2::integer))"#
    ), "{}", after(&plan));
}

#[test]
fn what_hangs_on_the_roots_key_is_read_by_its_range() {
    let mut plan = fixture::library();
    for (table, column) in [("book", "isbn"), ("book_author", "book_isbn"), ("review", "book_isbn")] {
        let Some(table) = plan.tables.iter_mut().find(|found| found.name == table) else { continue };
        let Some(column) = table.columns.iter_mut().find(|found| found.name == column) else { continue };
        column.ty = fixture::ty("integer", ValueKind::Int4);
    }
    let library = changed(&mut plan, true);
    assert_sql(
        &range(&library, 2).unwrap().between,
        r#"
SELECT through."book_isbn",
  through."author_id"
FROM "public"."book_author" AS through
WHERE through."book_isbn" > $1::integer AND through."book_isbn" <= $2::integer"#,
    );
    // A publisher is found by another column of the book.
    assert!(range(&library, 1).is_none());
}

#[test]
fn small_tables_are_read_whole_where_the_reader_can_tell_whose_rows_they_are() {
    let library = library();
    let whole = |node: usize| library.levels[node].as_ref().unwrap().prefetch.as_ref();
    assert_sql(
        whole(1).unwrap(),
        r#"
SELECT child."id",
  child."name",
  child."id"
FROM "public"."publisher" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."publisher"'::regclass
)"#,
    );
    assert!(whole(2).is_some(), "through the join rows, by the author's key");
    assert!(whole(3).is_none(), "reviews hang on a book's key");
}

#[test]
fn what_only_orders_rows_is_read_behind_what_is_shown() {
    let mut plan = fixture::library();
    let node = plan.documents[0].nodes.iter().position(|node| node.label == "posts").unwrap();
    let mut posts = |change: &dyn Fn(&mut Plan)| {
        change(&mut plan);
        changed(&mut plan, true).levels[node].clone().unwrap().rows.sql
    };
    let shown = posts(&|_| {});
    assert!(!shown.contains("ORDER BY"), "{shown}");
    let hidden = posts(&|plan| drop(plan.documents[0].nodes[node].select.remove(0)));
    assert!(hidden.starts_with("SELECT asked.ordinal,\n  child.\"author_handle\",\n  child.\"id\"\n"), "{hidden}");
    let sorted = posts(&|plan| {
        for table in plan.tables.iter_mut().filter(|table| table.name == "post") {
            table.columns.iter_mut().for_each(|column| column.ty = fixture::text());
        }
    });
    assert!(sorted.ends_with("ORDER BY asked.ordinal, child.\"id\""), "{sorted}");
}

#[test]
fn a_condition_stands_wherever_rows_of_its_node_are_read_and_in_no_route() {
    let mut plan = fixture::library();
    let is_shown = |column: usize| {
        Some(Expression { pieces: vec![Piece::Column(ColumnId(column)), Piece::Text(" IS NULL".to_owned())] })
    };
    for (node, column) in [(0, 1), (1, 1), (2, 2)] {
        plan.documents[0].nodes[node].filter = is_shown(column);
    }
    let library = changed(&mut plan, true);
    let root = r#"(root."title" IS NULL)"#;
    let by_key = &library.roots_by_key.sql;
    assert!(by_key.contains(&format!("root.\"isbn\" = asked.key1 AND {root}")), "{by_key}");
    let rows = &library.roots_by_range.rows;
    for statement in [&rows.all, &rows.until, &rows.after, &rows.between] {
        assert!(statement.sql.contains(&format!("WHERE {root}")), "{}", statement.sql);
    }
    assert!(!library.roots_by_range.cut_next.sql.contains("title"), "ranges are of all rows");
    let publisher = library.levels[1].as_ref().unwrap();
    assert!(publisher.rows.sql.ends_with(r#"child."id" = asked.key1 AND (child."name" IS NULL)"#));
    assert!(publisher.prefetch.as_ref().unwrap().sql.ends_with(")\nAND (child.\"name\" IS NULL)"));
    let authors = library.levels[2].as_ref().unwrap();
    assert!(authors.rows.sql.ends_with(r#"AND (child."handle" IS NULL)"#));
    assert!(!authors.join.as_ref().unwrap().sql.contains("IS NULL"), "the join rows are not the node's");
    assert!(library.routes.iter().flatten().all(|route| !route.sql.contains("IS NULL")));
}

#[test]
fn of_rows_that_are_shown_together_each_link_value_gives_one() {
    let catalog = include_str!("../../../../tests/diagnostics/catalog.json");
    let level = |child: &str| {
        let text = format!(r#"{{"table": "reader", "columns": ["id"], "children": [{child}]}}"#);
        let catalog = Catalog::from_json(catalog).unwrap();
        let (program, _) =
            compile(&Source::new("schema.json", text), &catalog).unwrap_or_else(|found| panic!("{found}"));
        program.statements[0].levels[1].clone().unwrap()
    };
    let direct = level(
        r#"{"table": "review", "where": "stars > 1", "aggregate": {"a": "count(*)", "b": "max(stars)", "c": "exists", "d": "count(distinct book_isbn)"}}"#,
    );
    assert_sql(
        &direct.rows,
        r#"
SELECT asked.ordinal,
  count(*),
  max(child."stars")::integer,
  true,
  count(DISTINCT child."book_isbn")
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS child ON child."reader_id" = asked.key1 AND (child."stars" > 1)
GROUP BY asked.ordinal"#,
    );
    assert_sql(
        &direct.range.unwrap().between,
        r#"
SELECT child."reader_id",
  count(*),
  max(child."stars")::integer,
  true,
  count(DISTINCT child."book_isbn")
FROM "public"."review" AS child
WHERE (child."stars" > 1) AND child."reader_id" > $1::integer AND child."reader_id" <= $2::integer
GROUP BY child."reader_id""#,
    );
    let behind = level(
        r#"{"table": "book", "aggregate": {"a": "min(title)"}, "relationship": {"variant": "scalar", "type": "one_to_many", "through_tables": ["review"]}}"#,
    );
    assert!(behind.join.is_none() && behind.range.is_none() && behind.prefetch.is_none());
    assert_sql(
        &behind.rows,
        r#"
SELECT asked.ordinal,
  min(child."title")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS through ON through."reader_id" = asked.key1
JOIN "public"."book" AS child ON child."isbn" = through."book_isbn"
GROUP BY asked.ordinal"#,
    );
    // With an empty search path the function of `pg_catalog` would be found, which is of texts.
    let citext = fixture::ty("public.citext", ValueKind::Text);
    assert_eq!(Postgres.extreme("max", "c", &citext), "\"public\".max(c)::public.citext");
}
