//! The live catalogue of every server version: which types can be compared and how, what is behind domains and arrays of
//! them, which foreign keys partitions have in common. The server itself says what is right.

use crate::support::database::Database;
use crate::support::servers;
use pgsync_codegen::catalog::{Catalog, Column, Comparison, live};
use pgsync_plan::ValueKind;

async fn catalog(database: &Database) -> Catalog {
    live::read(&database.client, &["public".to_owned()]).await.unwrap()
}

fn columns<'a>(catalog: &'a Catalog, table: &str) -> &'a [Column] {
    &catalog.tables[catalog.table("public", table).unwrap()].columns
}

fn names(of: &Comparison) -> Option<(&str, Vec<&str>)> {
    match of {
        Comparison::BuiltIn => Some(("pg_catalog", vec!["<", "<=", "=", ">=", ">"])),
        Comparison::By(operators) => Some((&operators.schema, operators.names.iter().map(String::as_str).collect())),
        Comparison::None => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_can_be_compared_where_the_server_can_and_by_the_operators_it_names() {
    for (version, server) in servers::postgres_versions() {
        let database = Database::create(&server, &format!("catalog_types_{version}")).await;
        database
            .run(
                "CREATE SCHEMA \"E x\"; CREATE EXTENSION hstore SCHEMA \"E x\"; CREATE EXTENSION isn SCHEMA \"E x\";
                 CREATE EXTENSION cube SCHEMA \"E x\"; CREATE EXTENSION citext SCHEMA \"E x\"; CREATE EXTENSION ltree SCHEMA \"E x\";
                 CREATE EXTENSION intarray SCHEMA \"E x\";
                 CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE span AS RANGE (subtype = text);
                 CREATE DOMAIN length AS integer; CREATE DOMAIN longer AS length; CREATE DOMAIN document AS json;",
            )
            .await;
        let types = database
            .client
            .query(
                "SELECT format_type(t.oid, NULL) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                 WHERE n.nspname IN ('pg_catalog', 'E x', 'public') AND t.typtype IN ('b', 'e', 'r', 'm', 'd') AND t.typisdefined
                   AND t.typname NOT LIKE 'pg\\_%' AND t.typname NOT IN ('aclitem', '_aclitem', '_cstring', 'int2vector', '_int2vector')
                   AND NOT EXISTS (SELECT FROM pg_class c WHERE c.reltype <> 0 AND c.reltype IN (t.oid, t.typelem))
                 ORDER BY t.oid",
                &[],
            )
            .await
            .unwrap();
        let types: Vec<String> = types.iter().map(|row| row.get(0)).collect();
        assert!(types.len() > 120, "{} types", types.len());
        let list: Vec<String> = types.iter().enumerate().map(|(at, ty)| format!("c{at} {ty}")).collect();
        database.run(&format!("CREATE TABLE t ({})", list.join(", "))).await;
        let catalog = catalog(&database).await;
        let text = catalog.to_json();
        assert_eq!(Catalog::from_json(&text).unwrap(), catalog, "a snapshot of every type is taken back");
        for column in columns(&catalog, "t") {
            let name = &column.name;
            let ordered = database.client.simple_query(&format!("SELECT FROM t ORDER BY {name}")).await;
            let found = names(&column.comparison);
            assert_eq!(found.is_some(), ordered.is_ok(), "{version}: {} {:?}", column.declared, column.comparison);
            for operator in found.iter().flat_map(|(_, names)| names) {
                let (schema, _) = found.as_ref().unwrap();
                let sql =
                    format!("SELECT FROM t WHERE {name} OPERATOR(\"{schema}\".{operator}) ({name}::{})", column.cast);
                let searched = database.client.simple_query(&sql).await;
                assert!(searched.is_ok(), "{version}: {sql}: {searched:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_behind_domains_and_arrays_of_them_is_found() {
    for (version, server) in servers::postgres_versions() {
        let database = Database::create(&server, &format!("catalog_domains_{version}")).await;
        database
            .run(
                "CREATE SCHEMA other; CREATE TYPE other.\"Mo.od\" AS ENUM ('sad', 'so so'); CREATE TYPE mood AS ENUM ('x');
                 CREATE DOMAIN feeling AS other.\"Mo.od\"; CREATE DOMAIN deep AS feeling; CREATE DOMAIN list AS deep[];
                 CREATE DOMAIN money_like AS numeric(10,2);
                 CREATE TABLE t (a other.\"Mo.od\", b other.\"Mo.od\"[], c feeling, d deep, e deep[], f list, g mood, h money_like[],
                   i text COLLATE \"C\", j text);",
            )
            .await;
        let catalog = catalog(&database).await;
        let columns = columns(&catalog, "t");
        for column in &columns[..6] {
            assert_eq!(column.kind, ValueKind::Enum, "{version}: {}", column.name);
            let name = column.enumeration.as_ref().unwrap();
            assert_eq!((name.schema.as_str(), name.name.as_str()), ("other", "Mo.od"), "{version}: {}", column.name);
            assert_eq!(column.array, ["b", "e", "f"].contains(&column.name.as_str()), "{}", column.name);
        }
        assert_eq!(columns[6].enumeration.as_ref().unwrap().schema, "public");
        assert_eq!((columns[7].kind, columns[7].array), (ValueKind::Numeric, true));
        assert_eq!(columns[8].collation.as_ref().unwrap().name, "C");
        assert_eq!(columns[9].collation, None);
        let labels: Vec<_> = catalog.enums.iter().map(|found| (found.name.as_str(), found.labels.len())).collect();
        assert_eq!(labels, [("Mo.od", 2), ("mood", 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_keys_that_every_partition_has_are_those_of_the_table() {
    for (version, server) in servers::postgres_versions() {
        let database = Database::create(&server, &format!("catalog_partitions_{version}")).await;
        database
            .run(
                "CREATE TABLE a (id int PRIMARY KEY, other int UNIQUE);
                 CREATE TABLE b (id int, a int, other int, declared int) PARTITION BY RANGE (id);
                 CREATE TABLE b1 (declared int, other int, a int, id int);
                 ALTER TABLE b ATTACH PARTITION b1 FOR VALUES FROM (0) TO (10);
                 CREATE TABLE b2 PARTITION OF b FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
                 CREATE TABLE b21 PARTITION OF b2 FOR VALUES FROM (10) TO (15);
                 CREATE TABLE b22 PARTITION OF b2 FOR VALUES FROM (15) TO (20);
                 ALTER TABLE b ADD CONSTRAINT z FOREIGN KEY (declared) REFERENCES a;
                 ALTER TABLE b1 ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES a;
                 ALTER TABLE b2 ADD CONSTRAINT y FOREIGN KEY (a) REFERENCES a;
                 ALTER TABLE b1 ADD FOREIGN KEY (other) REFERENCES a (other);
                 ALTER TABLE b21 ADD FOREIGN KEY (other) REFERENCES a (other);",
            )
            .await;
        let catalog = catalog(&database).await;
        let keys = &catalog.tables[catalog.table("public", "b").unwrap()].foreign_keys;
        let said: Vec<_> = keys
            .iter()
            .map(|key| (key.name.as_str(), key.columns.join(","), key.target.as_str(), key.validated))
            .collect();
        assert_eq!(said, [("z", "declared".to_owned(), "a", true), ("x", "a".to_owned(), "a", false)], "{version}");
    }
}
