//! The databases of a file. In: what was written. Out: a schema of its own for each database that documents name: it has
//! a catalogue, a program and a place in the log of its own. Nothing is looked up here.

use crate::ast;
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, listed};
use crate::source::Source;
use std::path::{Path, PathBuf};

/// What a file says of one database.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseSchema {
    /// The database, as it is written; `None` where the file leaves that to the settings.
    pub database: Option<String>,
    /// Its documents, in the order of the file.
    pub schema: ast::Schema,
    /// Where each of them stands among all documents of the file.
    pub(crate) places: Vec<usize>,
}

/// One schema for each database, in the order in which they are named. As long as one name is written, a document without
/// one is of that database too.
///
/// # Errors
/// Documents that may be of either of several databases.
pub fn by_database(source: &Source, schema: &ast::Schema) -> Result<Vec<DatabaseSchema>, Diagnostics> {
    let mut names: Vec<&str> = Vec::new();
    for name in schema.documents.iter().filter_map(|document| document.database.as_ref()) {
        if !names.contains(&name.value.as_str()) {
            names.push(&name.value);
        }
    }
    if names.len() < 2 {
        let database = names.first().map(|name| (*name).to_owned());
        let places = (0..schema.documents.len()).collect();
        return Ok(vec![DatabaseSchema { database, schema: schema.clone(), places }]);
    }
    let mut diagnostics = Diagnostics::new(source);
    for document in schema.documents.iter().filter(|document| document.database.is_none()) {
        diagnostics.push(
            Diagnostic::new(
                Code::Missing,
                document.root.table.span,
                "the document names no database, and others name several",
            )
            .help(format!("write \"database\" in it too; named are {}", listed(names.iter().copied()))),
        );
    }
    let of = |name: &str| {
        let mine = |document: &ast::Document| document.database.as_ref().is_some_and(|written| written.value == name);
        let places: Vec<usize> = (0..schema.documents.len()).filter(|place| mine(&schema.documents[*place])).collect();
        let documents = places.iter().map(|place| schema.documents[*place].clone()).collect();
        DatabaseSchema {
            database: Some(name.to_owned()),
            schema: ast::Schema { json_schema: schema.json_schema.clone(), name: schema.name.clone(), documents },
            places,
        }
    };
    let each = names.iter().map(|name| of(name)).collect();
    diagnostics.finish(each).map(|(each, _)| each)
}

/// Where the snapshots are of the catalogues that a schema file needs, in the order of its databases:
/// `schema.catalog.json` beside it, or `schema.DATABASE.catalog.json` for each of several.
pub fn snapshots(path: &Path, each: &[DatabaseSchema]) -> Vec<PathBuf> {
    if each.len() < 2 {
        return vec![Catalog::path_beside(path)];
    }
    let name = |each: &DatabaseSchema| file_name(each.database.as_deref().unwrap_or_default());
    each.iter().map(|each| path.with_extension(format!("{}.catalog.json", name(each)))).collect()
}

/// A name as part of the name of a file. Two names never become one.
fn file_name(name: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || "_-.${}".contains(c);
    let escaped = |c: char| if kept(c) { c.to_string() } else { format!("%{:x}", u32::from(c)) };
    name.chars().map(escaped).collect()
}

/// The schema of a file whose documents are of one database.
///
/// # Errors
/// A file that names several.
pub(crate) fn only(source: &Source, mut each: Vec<DatabaseSchema>) -> Result<DatabaseSchema, Diagnostics> {
    let second = each.get(1).and_then(|second| second.schema.documents.first()?.database.clone());
    match (each.pop(), second) {
        (Some(only), None) => Ok(only),
        (_, second) => {
            let mut diagnostics = Diagnostics::new(source);
            let what = "the file names several databases, and there is the catalogue of one";
            let span = second.map(|second| second.span).unwrap_or_default();
            diagnostics.push(Diagnostic::new(Code::Unsupported, span, what).help("give each its own catalogue"));
            Err(diagnostics)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compile, compile_each, parse};

    /// A database with its documents' indexes.
    type Named = (Option<String>, Vec<String>);

    /// The databases of a file.
    fn split(text: &str) -> Result<Vec<Named>, String> {
        let source = Source::new("schema.json", text);
        let each = by_database(&source, &parse(&source).unwrap()).map_err(|found| found.plain())?;
        let indexes = |each: &DatabaseSchema| {
            each.schema.documents.iter().map(|document| document.index.clone().unwrap().value).collect()
        };
        Ok(each.iter().map(|each| (each.database.clone(), indexes(each))).collect())
    }

    fn file(documents: &[(Option<&str>, &str, &str)]) -> String {
        let document = |(database, index, table): &(Option<&str>, &str, &str)| {
            let mut document = serde_json::json!({ "index": index, "nodes": { "table": table } });
            if let Some(database) = database {
                document["database"] = (*database).into();
            }
            document
        };
        documents.iter().map(document).collect::<serde_json::Value>().to_string()
    }

    fn catalog() -> Catalog {
        Catalog::from_json(include_str!("diagnostic/example.catalog.json")).unwrap()
    }

    #[test]
    fn each_database_has_its_documents() {
        let (shop, library) = (Some("shop"), Some("library"));
        let named = |name: Option<&str>, indexes: &[&str]| {
            (name.map(str::to_owned), indexes.iter().map(|index| (*index).to_owned()).collect::<Vec<_>>())
        };
        let of = |documents: &[_]| split(&file(documents));
        assert_eq!(of(&[(None, "a", "t"), (None, "b", "t")]), Ok(vec![named(None, &["a", "b"])]));
        assert_eq!(of(&[(None, "a", "t"), (shop, "b", "t")]), Ok(vec![named(shop, &["a", "b"])]));
        assert_eq!(
            of(&[(shop, "a", "t"), (library, "b", "t"), (shop, "c", "t")]),
            Ok(vec![named(shop, &["a", "c"]), named(library, &["b"])])
        );
        let unclear = of(&[(shop, "a", "t"), (None, "b", "t"), (library, "c", "t")]).unwrap_err();
        assert!(unclear.contains("E0004") && unclear.contains("named are shop, library"), "{unclear}");
    }

    #[test]
    fn each_database_has_a_snapshot_of_its_own() {
        let beside = |names: &[Option<&str>]| {
            let documents: Vec<_> = names.iter().map(|name| (*name, "a", "t")).collect();
            let text = file(&documents);
            let source = Source::new("dir/shop.json", &text);
            let each = by_database(&source, &parse(&source).unwrap()).unwrap();
            let found = snapshots(Path::new("dir/shop.json"), &each);
            found.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(beside(&[None]), ["dir/shop.catalog.json"]);
        assert_eq!(beside(&[Some("a"), None]), ["dir/shop.catalog.json"]);
        let several = beside(&[Some("a"), Some("../b"), Some("%2f"), Some("${C}")]);
        let wanted = ["a", "..%2fb", "%252f", "${C}"].map(|name| format!("dir/shop.{name}.catalog.json"));
        assert_eq!(several, wanted);
    }

    #[test]
    fn each_database_has_a_program_of_its_own_catalogue() {
        let text = file(&[(Some("shop"), "books", "book"), (Some("library"), "titles", "book")]);
        let source = Source::new("orders.json", &text);
        let mut narrow = catalog();
        narrow.tables.iter_mut().for_each(|table| table.columns.retain(|column| column.name != "title"));
        let each = by_database(&source, &parse(&source).unwrap()).unwrap();
        let each: Vec<_> = each.into_iter().zip([catalog(), narrow]).collect();
        let (programs, warnings) = compile_each(&source, &each).unwrap();
        assert!(warnings.is_empty(), "{warnings}");
        let shown = |position: usize, field: &str| {
            programs[position].plan.documents[0].root().fields.iter().any(|shown| shown.name == field)
        };
        let databases: Vec<_> = programs.iter().map(|program| program.database.as_deref()).collect();
        assert_eq!(databases, [Some("shop"), Some("library")]);
        assert!(shown(0, "title") && !shown(1, "title") && shown(1, "isbn"));
        assert!(
            programs
                .iter()
                .all(|program| program.capture.logical_replication().is_ok_and(|names| names.file == "orders"))
        );
        // Each is what it would be in a file of its own.
        let alone = Source::new("orders.json", file(&[(Some("shop"), "books", "book")]));
        assert_eq!(compile(&alone, &catalog()).unwrap().0, programs[0]);
    }

    #[test]
    fn mistakes_of_all_databases_are_found_at_once() {
        let text = file(&[(Some("shop"), "a", "bok"), (Some("library"), "b", "book"), (Some("old"), "c", "bouk")]);
        let source = Source::new("schema.json", &text);
        let each = by_database(&source, &parse(&source).unwrap()).unwrap();
        let each: Vec<_> = each.into_iter().map(|each| (each, catalog())).collect();
        let found = compile_each(&source, &each).unwrap_err();
        let tables: Vec<Code> = found.iter().map(|found| found.code).collect();
        assert_eq!(tables, [Code::UnknownTable, Code::UnknownTable], "{found}");
        assert_eq!(found.plain().matches("did you mean `book`?").count(), 2, "{found}");
    }
}
