use crate::catalog::{Catalog, Column, Comparison, ForeignKey, Key, Kind, QualifiedName, Release, Table, differences};
use crate::{Source, compile};
use pgsync_plan::{Dialect, DocumentStatements, Statement, ValueKind};
use serde_json::json;
use std::collections::BTreeSet;

fn column(name: &str, cast: &str, kind: ValueKind) -> Column {
    Column {
        name: name.to_owned(),
        declared: cast.split(" character").next().unwrap_or_default().to_owned(),
        cast: cast.to_owned(),
        kind,
        array: false,
        comparison: if kind == ValueKind::Json { Comparison::None } else { Comparison::BuiltIn },
        textual: false,
        collation: cast
            .ends_with("utf8mb4_bin")
            .then(|| QualifiedName { schema: "utf8mb4".to_owned(), name: "utf8mb4_bin".to_owned() }),
        enumeration: None,
        nullable: name.ends_with('?'),
        generated: false,
        comment: None,
    }
}

fn table(name: &str, columns: Vec<Column>, key: &[&str], refers: &[(&str, &str, &str)]) -> Table {
    let owned = |name: &str| name.to_owned();
    Table {
        schema: owned("shop"),
        name: owned(name),
        kind: Kind::Ordinary,
        unlogged: false,
        comment: None,
        view: None,
        inherits: Vec::new(),
        columns,
        primary_key: Some(Key { columns: key.iter().map(|name| owned(name)).collect(), immediate: true }),
        unique: Vec::new(),
        foreign_keys: refers
            .iter()
            .map(|(column, target, its)| ForeignKey {
                name: format!("{name}_{column}"),
                columns: vec![owned(column)],
                target_schema: owned("shop"),
                target: owned(target),
                target_columns: vec![owned(its)],
                validated: true,
                on_delete: None,
                on_update: None,
            })
            .collect(),
        indexes: Vec::new(),
    }
}

const CODE: &str = "varchar(20) character set utf8mb4 collate utf8mb4_bin";

fn catalog() -> Catalog {
    let int = |name: &str| column(name, "int", ValueKind::Int4);
    let code = |name: &str| column(name, CODE, ValueKind::Text);
    let tables = vec![
        table("author", vec![int("id"), code("na`me")], &["id"], &[]),
        table("book", vec![code("isbn"), column("data", "json", ValueKind::Json)], &["isbn"], &[]),
        table(
            "book_author",
            vec![int("id"), code("book_isbn"), int("author_id")],
            &["id"],
            &[("author_id", "author", "id"), ("book_isbn", "book", "isbn")],
        ),
        table(
            "entry",
            vec![
                column("book", "bigint unsigned", ValueKind::UInt8),
                column("token", "binary", ValueKind::Bytea),
                column("price", "decimal(10,2)", ValueKind::Numeric),
                column("made", "datetime(6)", ValueKind::Timestamp),
            ],
            &["book", "price", "token"],
            &[],
        ),
        table(
            "review",
            vec![int("id"), code("book_isbn"), column("stars", "int", ValueKind::Int4)],
            &["id"],
            &[("book_isbn", "book", "isbn")],
        ),
    ];
    let default_schema = "shop".to_owned();
    Catalog {
        format: Catalog::FORMAT,
        dialect: Dialect::Mysql,
        default_schema,
        release: None,
        tables,
        enums: Vec::new(),
    }
}

fn compiled(schema: &serde_json::Value) -> DocumentStatements {
    let source = Source::new("schema.json", schema.to_string());
    let (program, _) = compile(&source, &catalog()).unwrap_or_else(|found| panic!("{}", found.plain()));
    program.statements.into_iter().next().unwrap()
}

fn assert_sql(statement: &Statement, sql: &str) {
    assert_eq!(statement.sql, sql.trim());
}

#[test]
fn keys_are_one_parameter_and_compare_by_the_columns_collation() {
    let statements = compiled(&json!({ "table": "book", "columns": ["data->a->0", "data->>b c", "data#>{a,-1}"] }));
    assert_sql(
        &statements.roots_by_key,
        r#"
/* takes text */ SELECT CAST(asked.ordinal AS SIGNED),
  asked.key1,
  root.`isbn` IS NOT NULL AS present,
  JSON_EXTRACT(root.`data`, '$."a"[0]'),
  IF(JSON_TYPE(JSON_EXTRACT(root.`data`, '$."b c"')) = 'NULL', NULL, JSON_UNQUOTE(JSON_EXTRACT(root.`data`, '$."b c"'))),
  JSON_EXTRACT(root.`data`, '$."a"[last]'),
  root.`isbn`
FROM JSON_TABLE(?1, '$[*]' COLUMNS (ordinal FOR ORDINALITY, key1 varchar(20) character set utf8mb4 collate utf8mb4_bin PATH '$[0]')) AS asked
LEFT JOIN `shop`.`book` AS root ON root.`isbn` = asked.key1
ORDER BY CAST(asked.ordinal AS SIGNED)"#,
    );
}

/// MariaDB before 10.6 makes no table of a JSON text, and before 10.9 its paths do not count from the end.
#[test]
fn older_releases_of_mariadb_are_asked_in_another_way() {
    let of = |release: &str| {
        let catalog = Catalog { dialect: Dialect::Mariadb, release: Release::of(release), ..catalog() };
        let schema = json!({ "table": "book", "columns": ["data#>{a,-1}"] });
        let (program, _) = compile(&Source::new("schema.json", schema.to_string()), &catalog).unwrap();
        (program.statements[0].roots_by_key.sql.clone(), catalog)
    };
    let (packed, oldest) = of("10.5");
    let head = "/* takes packed text */ SELECT CAST(asked.ordinal AS SIGNED),\n  asked.key1,";
    assert!(packed.starts_with(head) && packed.contains("FROM (WITH RECURSIVE walk AS ("), "{packed}");
    assert!(packed.contains("USING utf8mb4) COLLATE utf8mb4_bin AS key1"), "{packed}");
    let (counted, older) = of("10.8");
    assert!(counted.contains("JSON_TABLE(?1") && !counted.contains("[last]"), "{counted}");
    assert!(counted.contains("JSON_LENGTH(JSON_EXTRACT(root.`data`, '$.\"a\"'))"), "{counted}");
    let (newest, newer) = of("11.4");
    assert!(newest.contains("JSON_TABLE(?1") && newest.contains("[last]"), "{newest}");
    let unknown = Catalog { release: None, ..newer.clone() };
    let differ = |old, new| differences(old, new, &BTreeSet::new());
    assert_eq!(differ(&unknown, &newer), [""; 0]);
    assert_eq!(
        differ(&older, &oldest),
        ["the release of MariaDB is 10.5, and was 10.8: statements are written in another way"]
    );
}

#[test]
fn levels_and_routes_hang_on_asked_values() {
    let statements = compiled(&json!({
        "table": "book", "columns": ["isbn"], "children": [{ "table": "author", "columns": ["na`me"] }]
    }));
    let authors = statements.levels[1].as_ref().unwrap();
    assert_sql(
        authors.join.as_ref().unwrap(),
        "
/* takes text */ SELECT CAST(asked.ordinal AS SIGNED),
  through.`author_id`
FROM JSON_TABLE(?1, '$[*]' COLUMNS (ordinal FOR ORDINALITY, key1 varchar(20) character set utf8mb4 collate utf8mb4_bin PATH '$[0]')) AS asked
JOIN `shop`.`book_author` AS through ON through.`book_isbn` = asked.key1",
    );
    assert_sql(
        &authors.rows,
        "
/* takes int4 */ SELECT CAST(asked.ordinal AS SIGNED),
  child.`na``me`
FROM JSON_TABLE(?1, '$[*]' COLUMNS (ordinal FOR ORDINALITY, key1 int PATH '$[0]')) AS asked
JOIN `shop`.`author` AS child ON child.`id` = asked.key1",
    );
    assert_sql(
        authors.prefetch.as_ref().unwrap(),
        "
SELECT child.`id`,
  child.`na``me`
FROM `shop`.`author` AS child
WHERE (
  SELECT coalesce(data_length + index_length, 0) <= ?1
  FROM information_schema.tables WHERE table_schema = 'shop' AND table_name = 'author'
)",
    );
    assert_sql(
        statements.routes[1].as_ref().unwrap(),
        "
/* takes int4 */ SELECT DISTINCT root.`isbn`
FROM JSON_TABLE(?1, '$[*]' COLUMNS (key1 int PATH '$[0]')) AS asked
JOIN `shop`.`book_author` AS through1 ON through1.`author_id` = asked.key1
JOIN `shop`.`book` AS root ON root.`isbn` = through1.`book_isbn`",
    );
}

#[test]
fn chosen_rows_are_numbered_by_windows() {
    let review = |more: serde_json::Value| {
        let mut child = json!({ "table": "review", "columns": ["stars"], "limit": 2, "order_by": ["stars desc"],
            "relationship": { "variant": "scalar", "type": "one_to_many" } });
        child.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        compiled(&json!({ "table": "book", "columns": ["isbn"], "children": [child] })).levels[1].clone().unwrap().rows
    };
    assert_sql(
        &review(json!({})),
        "
/* takes text */ SELECT child.`pgsync ordinal`,
  child.`stars`
FROM (
  SELECT CAST(asked.ordinal AS SIGNED) AS `pgsync ordinal`, child.`id`, child.`stars`, ROW_NUMBER() OVER (PARTITION BY asked.ordinal ORDER BY child.`stars` DESC, child.`id`) AS `pgsync place`
  FROM JSON_TABLE(?1, '$[*]' COLUMNS (ordinal FOR ORDINALITY, key1 varchar(20) character set utf8mb4 collate utf8mb4_bin PATH '$[0]')) AS asked
  JOIN `shop`.`review` AS child ON child.`book_isbn` = asked.key1
) AS child
WHERE child.`pgsync place` <= 2
ORDER BY child.`pgsync ordinal`, child.`stars` DESC, child.`id`",
    );
    let distinct = review(json!({ "distinct": true })).sql;
    assert!(distinct.contains("WHERE child.`pgsync first` = 1 AND child.`pgsync place` <= 2\n"), "{distinct}");
    assert!(distinct.contains("PARTITION BY asked.ordinal, child.`stars` ORDER BY"), "{distinct}");
    assert!(
        distinct.contains("DENSE_RANK() OVER (PARTITION BY asked.ordinal ORDER BY child.`stars` DESC)"),
        "{distinct}"
    );
}

#[test]
fn bounds_of_several_columns_are_spelled_out_for_the_index() {
    let ranges = compiled(&json!({ "table": "entry", "columns": ["made"] })).roots_by_range;
    assert_sql(
        &ranges.rows.until,
        "
/* takes uint8, text, text */ SELECT root.`made`,
  root.`book`,
  root.`price`,
  root.`token`
FROM `shop`.`entry` AS root
WHERE root.`book` <= CAST(CAST(?1 AS CHAR) AS UNSIGNED) AND (root.`book` < CAST(CAST(?1 AS CHAR) AS UNSIGNED) OR (root.`book` = CAST(CAST(?1 AS CHAR) AS UNSIGNED) AND \
         (root.`price` < CAST(CAST(?2 AS CHAR) AS decimal(10,2)) OR (root.`price` = CAST(CAST(?2 AS CHAR) AS decimal(10,2)) AND root.`token` <= UNHEX(?3)))))",
    );
    assert_sql(
        &ranges.cut_next,
        "
/* takes uint8, text, text */ SELECT root.`book`,
  CAST(root.`price` AS CHAR),
  HEX(root.`token`)
FROM `shop`.`entry` AS root
WHERE root.`book` >= CAST(CAST(?1 AS CHAR) AS UNSIGNED) AND (root.`book` > CAST(CAST(?1 AS CHAR) AS UNSIGNED) OR (root.`book` = CAST(CAST(?1 AS CHAR) AS UNSIGNED) AND \
         (root.`price` > CAST(CAST(?2 AS CHAR) AS decimal(10,2)) OR (root.`price` = CAST(CAST(?2 AS CHAR) AS decimal(10,2)) AND root.`token` > UNHEX(?3)))))
ORDER BY root.`book`, root.`price`, root.`token`
LIMIT 1 OFFSET ?4",
    );
    assert_sql(
        &ranges.estimate,
        "
SELECT CAST(coalesce(max(table_rows), 0) AS SIGNED)
FROM information_schema.tables WHERE table_schema = 'shop' AND table_name = 'entry'",
    );
}

#[test]
fn null_comes_last_unless_it_is_to_come_first() {
    use super::MYSQL;
    use crate::emit::sql::Dialect as _;
    let ordered = |descending, first| MYSQL.ordered("c", descending, first);
    assert_eq!([ordered(false, false), ordered(true, false)], ["c IS NULL, c", "c DESC"]);
    assert_eq!([ordered(false, true), ordered(true, true)], ["c", "c IS NOT NULL, c DESC"]);
    assert_eq!(MYSQL.literal("it's \\"), "'it''s \\\\'");
}

#[test]
fn a_condition_stands_as_it_is_written() {
    let condition = r#"STARS >= 3 AND review.id DIV 2 <> 1 /* , sleep(9) */ AND book_isbn NOT IN ('a\'b', "c?1")"#;
    let schema = json!({ "table": "review", "columns": ["id"], "where": condition });
    let rows = compiled(&schema).roots_by_range.rows.all;
    let written = r#"WHERE (root.`stars` >= 3 AND root.`id` DIV 2 <> 1 AND root.`book_isbn` NOT IN ('a\'b', "c?1"))"#;
    assert!(rows.sql.ends_with(written), "{}", rows.sql);
}

/// Aggregates of the entries of books, among them those of each kind of number.
#[test]
fn aggregates_come_as_the_type_that_is_expected() {
    let aggregate =
        json!({ "any": "exists", "n": "count(*)", "stars": "sum(stars)", "mean": "avg(stars)", "best": "max(stars)" });
    let child = json!({ "table": "review", "label": "stats", "aggregate": aggregate });
    let rows =
        compiled(&json!({ "table": "book", "columns": ["isbn"], "children": [child] })).levels[1].clone().unwrap().rows;
    assert_sql(
        &rows,
        "
/* takes text */ SELECT CAST(asked.ordinal AS SIGNED),
  ELT((true <> 0) + 1, 'false', 'true'),
  count(*),
  CAST(CAST(sum(child.`stars`) AS decimal(20,0)) AS SIGNED),
  avg(CAST(child.`stars` AS decimal(32,12))),
  CAST(CAST(max(child.`stars`) AS decimal(20,0)) AS SIGNED)
FROM JSON_TABLE(?1, '$[*]' COLUMNS (ordinal FOR ORDINALITY, key1 varchar(20) character set utf8mb4 collate utf8mb4_bin PATH '$[0]')) AS asked
JOIN `shop`.`review` AS child ON child.`book_isbn` = asked.key1
GROUP BY CAST(asked.ordinal AS SIGNED)",
    );
}

#[test]
fn means_have_as_many_digits_as_there_is_room_for() {
    use super::made::mean;
    let of = |cast: &str, kind| mean("c", &crate::fixture::ty(cast, kind));
    assert_eq!(of("double", ValueKind::Float8), "avg(c)");
    assert_eq!(of("decimal(10,2)", ValueKind::Numeric), "avg(CAST(c AS decimal(20,12)))");
    assert_eq!(of("decimal(30,14)", ValueKind::Numeric), "avg(c)");
    assert_eq!(of("decimal(65,0)", ValueKind::Numeric), "avg(c)");
    assert_eq!(of("decimal(60,1)", ValueKind::Numeric), "avg(CAST(c AS decimal(65,6)))");
}

#[test]
fn an_enum_goes_by_the_order_of_its_labels() {
    use super::MYSQL;
    use crate::emit::sql::Dialect as _;
    let mut ty = crate::fixture::ty("varchar(9)", ValueKind::Enum);
    ty.declared = r"enum('b','a''s \')".to_owned();
    assert_eq!(MYSQL.extreme("max", "c", &ty), r"ELT(max(c + 0) + 1, '', 'b', 'a''s \\')");
}

#[test]
fn computed_values_are_converted_to_their_type() {
    let computed =
        json!({ "a": "stars > 1", "b": "stars + 1", "c": "CONCAT(id, '!')", "d": "CEIL(stars / 7)", "e": "id / 2" });
    let rows = compiled(&json!({ "table": "review", "columns": ["id"], "computed": computed })).roots_by_range.rows.all;
    assert_sql(
        &rows,
        "
SELECT root.`id`,
  ELT(((root.`stars` > 1) <> 0) + 1, 'false', 'true'),
  CAST(CAST((root.`stars` + 1) AS decimal(20,0)) AS SIGNED),
  CAST((CONCAT(root.`id`, '!')) AS CHAR),
  CAST((CEIL(root.`stars` / 7)) AS decimal(65,0)),
  (root.`id` / 2)
FROM `shop`.`review` AS root",
    );
}
