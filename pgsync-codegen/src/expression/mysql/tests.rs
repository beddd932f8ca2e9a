use crate::bound::Piece;
use crate::catalog::Catalog;
use crate::expression::{Finding, Read, read};
use pgsync_plan::{Dialect, ValueKind};

fn catalog(dialect: Dialect) -> Catalog {
    let column = |name: &str, ty: &str, kind: &str| {
        format!(r#"{{ "name": "{name}", "declared": "{ty}", "cast": "{ty}", "kind": "{kind}", "nullable": true }}"#)
    };
    let columns = [
        column("id", "int", "int4"),
        column("Name", "varchar(20)", "text"),
        column("price", "decimal(10,2)", "numeric"),
        column("weight", "float", "float4"),
        column("big", "bigint unsigned", "uint8"),
        column("made", "datetime", "timestamp"),
        column("day", "date", "date"),
        column("doc", "json", "json"),
        column("kind", "enum", "enum"),
        column("place", "geometry", "other"),
    ];
    let text = format!(
        r#"{{ "format": 2, "dialect": "mysql", "default_schema": "shop", "enums": [], "tables": [{{ "schema": "shop",
            "name": "item", "kind": "ordinary", "columns": [{}], "indexes": [] }}] }}"#,
        columns.join(", ")
    );
    Catalog { dialect, ..Catalog::from_json(&text).unwrap() }
}

fn of(text: &str, dialect: Dialect) -> Result<Read, Vec<Finding>> {
    let catalog = catalog(dialect);
    read(text, &catalog.tables[0], &catalog)
}

#[test]
fn columns_are_found_wherever_they_stand_and_nothing_else_changes() {
    for (text, expected) in [
        ("NAME = \"ids\" AND `id` > 1 # and so on", "t.Name = \"ids\" AND t.id > 1"),
        (
            "IF(item.id IS NULL, LEFT(name, 2), REPLACE(name, 'id', 'x'))",
            "IF(t.id IS NULL, LEFT(t.Name, 2), REPLACE(t.Name, 'id', 'x'))",
        ),
        ("made + INTERVAL id DAY > DATE '2020-01-01'", "t.made + INTERVAL t.id DAY > DATE '2020-01-01'"),
        ("TIMESTAMPDIFF(DAY, day, made) > 3", "TIMESTAMPDIFF(DAY, t.day, t.made) > 3"),
        ("name REGEXP '^id' OR name LIKE 'a|%' ESCAPE '|'", "t.Name REGEXP '^id' OR t.Name LIKE 'a|%' ESCAPE '|'"),
        ("CONVERT(name USING utf8mb4) = _utf8mb4'x'", "CONVERT(t.Name USING utf8mb4) = _utf8mb4'x'"),
        ("TRIM(BOTH 'x' FROM name) <> SUBSTRING(name, 2)", "TRIM(BOTH 'x' FROM t.Name) <> SUBSTRING(t.Name, 2)"),
        ("(id, price) IN ((1, 2.5))", "(t.id, t.price) IN ((1, 2.5))"),
        ("EXTRACT(YEAR FROM made) % 4 = 0 XOR id DIV 2 | 1", "EXTRACT(YEAR FROM t.made) % 4 = 0 XOR t.id DIV 2 | 1"),
        ("JSON_VALUE(doc, '$.id') = 'a\\'b'", "JSON_VALUE(t.doc, '$.id') = 'a\\'b'"),
    ] {
        for dialect in [Dialect::Mysql, Dialect::Mariadb] {
            let read = of(text, dialect).unwrap_or_else(|found| panic!("{text}: {found:?}"));
            let piece = |piece: &Piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Column(column) => format!("t.{column}"),
            };
            assert_eq!(read.expression.pieces.iter().map(piece).collect::<String>(), expected);
        }
    }
}

#[test]
fn what_is_not_of_the_row_is_refused_at_its_place() {
    for (text, at, said) in [
        ("made > NOW()", "NOW", "something else each time"),
        ("made > CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", "something else each time"),
        ("name = CURRENT_USER", "CURRENT_USER", "something else each time"),
        ("day = utc_date", "utc_date", "something else each time"),
        ("id > @limit", "@limit", "something else each time"),
        ("id > @@version", "@@version", "something else each time"),
        ("UNIX_TIMESTAMP() > id", "UNIX_TIMESTAMP", "something else each time"),
        ("SLEEP(id)", "SLEEP", "something else each time"),
        ("COUNT(id) > 1", "COUNT", "several rows"),
        ("ROW_NUMBER() OVER () > id", "ROW_NUMBER", "several rows"),
        ("id IN (SELECT 1)", "", "a query"),
        ("EXISTS (SELECT 1)", "", "a query"),
        ("lowr(name) = 'x'", "lowr", "may be called"),
        ("shop.mine(name) = 'x'", "shop.mine", "may be called"),
        ("name || 'x' = 'ax'", "name || 'x'", "is OR"),
        ("id::char = 'x'", "id", "no `::`"),
        ("id IS DISTINCT FROM 1", "id IS DISTINCT FROM 1", "IS DISTINCT FROM"),
        ("CAST(id AS text) = 'x'", "id", "a cast to `TEXT`"),
        ("LOWER(DISTINCT name) = 'x'", "LOWER", "not supported"),
        ("id = ?", "?", "not supported"),
        ("\"Id\" IS NULL", "\"Id\"", "is a text here"),
        ("nme = 'x'", "nme", "no column `nme`"),
        ("other.name = 'x'", "other.name", "not the table of this node"),
        ("MATCH (name) AGAINST ('x')", "", "not supported"),
    ] {
        let found = of(text, Dialect::Mysql).map(|_| panic!("{text} is taken")).unwrap_err();
        assert!(found[0].message.contains(said), "{text}: {found:?}");
        let place = text.get(found[0].at.clone()).unwrap_or_default();
        assert!(at.is_empty() || place.starts_with(at), "{text}: {place:?}");
    }
    assert!(of("lowr(name) = 'x'", Dialect::Mysql).unwrap_err()[0].help[0].contains("`lower`"));
    for (text, taken_by) in [
        ("doc->'$.a' IS NULL", Dialect::Mysql),
        ("REGEXP_LIKE(name, 'x')", Dialect::Mysql),
        ("CAST(name AS JSON) IS NULL", Dialect::Mysql),
        ("NVL(name, '') = ''", Dialect::Mariadb),
    ] {
        for dialect in [Dialect::Mysql, Dialect::Mariadb] {
            assert_eq!(of(text, dialect).is_ok(), dialect == taken_by, "{text} on {}", dialect.name());
        }
    }
}

#[test]
fn types_are_told_where_the_words_tell_them() {
    use ValueKind::{Bool, Bytea, Date, Float4, Float8, Int8, Json, Numeric, Text, Time, Timestamp, UInt8};
    let gives = |text: &str| of(text, Dialect::Mysql).unwrap_or_else(|found| panic!("{text}: {found:?}")).gives;
    for (text, kind) in [
        ("id", Int8),
        ("kind", Text),
        ("weight", Float4),
        ("id IS NULL", Bool),
        ("NOT id", Bool),
        ("id + 1", Int8),
        ("id + big", UInt8),
        ("-big", Int8),
        ("id & 1", UInt8),
        ("id / 2", Numeric),
        ("id * price", Numeric),
        ("price % 2", Numeric),
        ("id % price", Numeric),
        ("MOD(id, price)", Numeric),
        ("id DIV price", Int8),
        ("weight * 2", Float8),
        ("price * 1e0", Float8),
        ("name + 1", Float8),
        ("ROUND(price, 1)", Numeric),
        ("FLOOR(price)", Numeric),
        ("CEILING(id / 2)", Numeric),
        ("CEIL(weight)", Float8),
        ("ABS(id)", Int8),
        ("coalesce(price, 0)", Numeric),
        ("coalesce(NULL, name, '')", Text),
        ("IF(id > 1, 'a', name)", Text),
        ("IFNULL(weight, 0)", Float8),
        ("GREATEST(day, made)", Timestamp),
        ("NULLIF(name, 'x')", Text),
        ("CASE WHEN id > 1 THEN true ELSE false END", Bool),
        ("day + INTERVAL 1 MONTH", Date),
        ("day + INTERVAL 1 HOUR", Timestamp),
        ("DATE_SUB(made, INTERVAL 1 DAY)", Timestamp),
        ("ADDDATE(day, 3)", Date),
        ("TIME(made)", Time),
        ("YEAR(made)", Int8),
        ("JSON_EXTRACT(doc, '$.a')", Json),
        ("doc->>'$.a'", Text),
        ("UNHEX(name)", Bytea),
        ("CAST(name AS UNSIGNED)", UInt8),
        ("CAST(id AS CHAR(3))", Text),
        ("CAST(name AS DECIMAL(10, 3))", Numeric),
    ] {
        assert_eq!(gives(text).map(|gives| gives.kind), Some(kind), "{text}");
    }
    assert_eq!(gives("CEILING(price)").unwrap().cast, "decimal(65,0)");
    for open in ["coalesce(name, 1)", "made + 1", "STR_TO_DATE(name, '%Y')", "IF(id > 1, big, id)", "place", "NULL"] {
        assert_eq!(gives(open), None, "{open}");
    }
}
