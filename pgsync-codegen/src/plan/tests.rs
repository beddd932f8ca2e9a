//! Statements and routes agree: whatever a statement reads of a row is watched where the row's changes come in.

use crate::catalog::Catalog;
use crate::{Source, compile};
use pgsync_plan::{Document, LevelStatements, NodeId, Plan, Program, RouteKind};
use std::collections::BTreeSet;
use std::path::Path;

/// Every case of the corpus, compiled.
fn programs() -> Vec<(String, Program)> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(cases).unwrap() {
        let case = entry.unwrap().path();
        let read = |name: &str| std::fs::read_to_string(case.join(name)).ok();
        if let (Some(schema), Some(catalog)) = (read("schema.json"), read("catalog.json")) {
            let source = Source::new("schema.json", schema);
            let (program, _) = compile(&source, &Catalog::from_json(&catalog).unwrap()).unwrap();
            found.push((case.file_name().unwrap().to_string_lossy().into_owned(), program));
        }
    }
    found
}

/// The columns that a statement names of an alias.
fn named(sql: &str, alias: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, start) in sql.match_indices(&format!("{alias}.\"")) {
        if sql[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        let mut rest = &sql[at + start.len()..];
        let mut name = String::new();
        while let Some(end) = rest.find('"') {
            name.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            if !rest.starts_with('"') {
                break;
            }
            name.push('"');
            rest = &rest[1..];
        }
        found.insert(name);
    }
    found
}

fn watched(plan: &Plan, document: &Document, kind: RouteKind) -> Option<BTreeSet<String>> {
    let route = document.routes.iter().find(|route| route.kind == kind)?;
    let table = plan.table(route.table);
    Some(route.watch.iter().map(|column| table.column(*column).name.clone()).collect())
}

/// Every statement of a level.
fn texts(level: &LevelStatements) -> Vec<&str> {
    let ranges = level.range.iter().flat_map(|range| [&range.all, &range.until, &range.after, &range.between]);
    let others = [Some(&level.rows), level.join.as_ref(), level.prefetch.as_ref()];
    ranges.chain(others.into_iter().flatten()).map(|statement| statement.sql.as_str()).collect()
}

#[test]
fn every_column_that_a_statement_reads_is_watched() {
    let programs = programs();
    assert!(programs.len() > 40, "{}", programs.len());
    for (case, program) in programs {
        let plan = &program.plan;
        for (document, statements) in plan.documents.iter().zip(&program.statements) {
            let holds = |kind, alias: &str, sql: &str| {
                let Some(watched) = watched(plan, document, kind) else { return };
                let read = named(sql, alias);
                assert!(read.is_subset(&watched), "{case}: {kind:?} watches {watched:?}\n{sql}");
            };
            let ranges = &statements.roots_by_range.rows;
            for statement in [&statements.roots_by_key, &ranges.all, &ranges.until, &ranges.after, &ranges.between] {
                holds(RouteKind::Root, "root", &statement.sql);
            }
            for (position, level) in statements.levels.iter().enumerate() {
                for sql in level.iter().flat_map(texts) {
                    // What else is followed less is said below.
                    if document.nodes[position].on_change.is_follow() {
                        holds(RouteKind::Node(NodeId(position)), "child", sql);
                    }
                    holds(RouteKind::Through(NodeId(position)), "through", sql);
                }
            }
        }
    }
}

/// A row that is shown no longer must still be found, and so must what hangs on it.
#[test]
fn no_route_asks_what_a_row_is_shown_by() {
    for (case, program) in programs() {
        for (document, statements) in program.plan.documents.iter().zip(&program.statements) {
            for (route, statement) in document.routes.iter().zip(&statements.routes) {
                let Some(statement) = statement else { continue };
                // A view that is joined brings its own.
                assert!(!statement.sql.contains("\nWHERE"), "{case}: {}", statement.sql);
                for (position, node) in document.nodes.iter().enumerate() {
                    let alias = if position == 0 { "root".to_owned() } else { format!("node{position}") };
                    let linking: BTreeSet<String> = document
                        .nodes
                        .iter()
                        .flat_map(|other| {
                            let above = other.link.iter().filter(|_| other.parent == Some(NodeId(position)));
                            above.flat_map(|link| link.parent.clone())
                        })
                        .chain(node.link.iter().flat_map(|link| link.child.clone()))
                        .chain(document.key.iter().filter(|_| position == 0).copied())
                        // Where a document is kept comes with its key.
                        .chain(document.routing_column().filter(|_| position == 0))
                        .map(|column| program.plan.table(node.table).column(column).name.clone())
                        .collect();
                    let (_, conditions) = statement.sql.split_once("\nFROM ").unwrap();
                    let read = named(conditions, &alias);
                    assert!(read.is_subset(&linking), "{case}: {route:?}\n{}", statement.sql);
                }
            }
        }
    }
}

#[test]
fn names_are_read_from_statements_as_they_are_quoted() {
    let sql = r#"SELECT child."a", child."it""s" FROM x AS child ON grandchild."b" = child."c d""#;
    assert_eq!(named(sql, "child"), ["a", "it\"s", "c d"].map(str::to_owned).into());
}

fn schema_of(on_change: &str, below: &str) -> Program {
    let catalog = Catalog::from_json(include_str!("../../../tests/diagnostics/catalog.json")).unwrap();
    let text = format!(
        r#"{{"table": "book", "columns": ["isbn"], "children": [
             {{"table": "review", "columns": ["stars"], "where": "id > 1", "on_change": "{on_change}",
               "relationship": {{"variant": "object", "type": "one_to_many"}},
               "children": [{{"table": "reader", "columns": ["name"]{below}}}]}},
             {{"table": "author", "columns": ["name"], "on_change": "{on_change}",
               "relationship": {{"variant": "object", "type": "one_to_many", "through_tables": ["book_author"]}}}}]}}"#
    );
    compile(&Source::new("schema.json", text), &catalog).unwrap_or_else(|found| panic!("{found:?}")).0
}

/// Table and watched columns of each route.
fn routes(program: &Program) -> Vec<(String, Vec<String>)> {
    let plan = &program.plan;
    let name = |route: &pgsync_plan::Route| {
        let table = plan.table(route.table);
        let watch = route.watch.iter().map(|column| table.column(*column).name.clone());
        (table.name.clone(), watch.collect())
    };
    plan.documents[0].routes.iter().map(name).collect()
}

#[test]
fn what_is_followed_less_has_fewer_routes() {
    let expected = |list: &[(&str, &[&str])]| -> Vec<(String, Vec<String>)> {
        list.iter()
            .map(|(table, watch)| ((*table).to_owned(), watch.iter().map(|name| (*name).to_owned()).collect()))
            .collect()
    };
    let root: (&str, &[&str]) = ("book", &["isbn"]);
    let join: (&str, &[&str]) = ("book_author", &["author_id", "book_isbn", "id"]);
    let reader: (&str, &[&str]) = ("reader", &["id", "name"]);
    assert_eq!(
        routes(&schema_of("follow", "")),
        expected(&[
            root,
            ("review", &["book_isbn", "id", "reader_id", "stars"]),
            reader,
            ("author", &["id", "name"]),
            join
        ])
    );
    // What a row is shown by attaches it, and so does what a followed child hangs on.
    assert_eq!(
        routes(&schema_of("link", "")),
        expected(&[root, ("review", &["book_isbn", "id", "reader_id"]), reader, ("author", &["id"]), join])
    );
    assert_eq!(
        routes(&schema_of("link", r#", "on_change": "ignore""#)),
        expected(&[root, ("review", &["book_isbn", "id"]), ("author", &["id"]), join])
    );
    assert_eq!(routes(&schema_of("ignore", "")), expected(&[root]), "neither the join table nor what is below");
    assert_eq!(routes(&schema_of("ignore", r#", "on_change": "follow""#)), expected(&[root, reader]));
    let [follow, link] = ["follow", "link"].map(|on_change| schema_of(on_change, "").indexes[0].identity.clone());
    assert_ne!(follow, link, "what was not followed is loaded again");
}

#[test]
fn rows_that_only_count_are_followed_as_they_come_and_go() {
    let catalog = Catalog::from_json(include_str!("../../../tests/diagnostics/catalog.json")).unwrap();
    let watch = |child: &str| {
        let text = format!(r#"{{"table": "book", "columns": ["isbn"], "children": [{child}]}}"#);
        let (program, _) =
            compile(&Source::new("schema.json", text), &catalog).unwrap_or_else(|found| panic!("{found}"));
        let kind = RouteKind::Node(NodeId(1));
        let watched = watched(&program.plan, &program.plan.documents[0], kind).unwrap();
        watched.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(watch(r#"{"table": "review", "aggregate": {"a": "count(*)", "b": "exists"}}"#), "book_isbn");
    assert_eq!(watch(r#"{"table": "review", "aggregate": {"a": "sum(stars)"}}"#), "book_isbn stars");
    let shown = r#"{"table": "review", "where": "reader_id > 1", "aggregate": {"a": "count(stars)"}"#;
    assert_eq!(watch(&format!("{shown}}}")), "book_isbn reader_id stars");
    assert_eq!(watch(&format!(r#"{shown}, "on_change": "link"}}"#)), "book_isbn reader_id");
}
