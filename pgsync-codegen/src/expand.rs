//! The long form of a schema: every relationship and label written out, nothing left to be inferred. In: what was
//! written, and what it was bound to. Out: a schema file that compiles to the same plan. What the user left open on
//! purpose stays open: a node without `columns` shows all columns, also those that come later.

use crate::catalog::Catalog;
use crate::databases::DatabaseSchema;
use crate::keys::EMPTY;
use crate::layout::{Tree, quoted};
use crate::resolve::ways::through_ways;
use crate::source::{Source, Spanned};
use crate::{ast, bound, parse_tree};
use pgsync_plan::Shape;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Writes the long form. `bound` is what [`crate::resolve`] made of `written`, `written` what [`crate::parse`] made of
/// `source`, of which `setting` and `mapping` are taken as they stand.
pub fn expand(source: &Source, written: &ast::Schema, bound: &bound::Schema, catalog: &Catalog) -> Tree {
    whole(written, documents(source, written, bound, catalog).map(|(_, document)| document).collect())
}

/// The same of a file with documents of several databases, each bound to its own catalogue.
pub fn expand_each<'a>(
    source: &Source,
    written: &ast::Schema,
    databases: impl IntoIterator<Item = (&'a DatabaseSchema, &'a bound::Schema, &'a Catalog)>,
) -> Tree {
    let mut placed = BTreeMap::new();
    for (database, bound, catalog) in databases {
        let documents = documents(source, &database.schema, bound, catalog);
        placed.extend(documents.map(|(position, document)| (database.places[position], document)));
    }
    whole(written, placed.into_values().collect())
}

/// The documents with their places.
fn documents<'a>(
    source: &'a Source,
    written: &'a ast::Schema,
    bound: &'a bound::Schema,
    catalog: &'a Catalog,
) -> impl Iterator<Item = (usize, Tree)> + 'a {
    written.documents.iter().enumerate().filter_map(move |(position, written)| {
        // Of a document over several schemas the first says what was left open.
        let bound = bound.documents.iter().find(|bound| bound.written == position)?;
        Some((position, document(source, written, bound, catalog)))
    })
}

/// The file around its documents.
fn whole(written: &ast::Schema, documents: Vec<Tree>) -> Tree {
    let documents = Tree::List(documents);
    let mut members = Vec::new();
    for (name, value) in [("$schema", &written.json_schema), ("name", &written.name)] {
        if let Some(value) = value {
            members.push((name, json!(value.value).into()));
        }
    }
    if members.is_empty() {
        return documents;
    }
    members.push(("documents", documents));
    object(members)
}

fn document(source: &Source, written: &ast::Document, bound: &bound::Document, catalog: &Catalog) -> Tree {
    let mut members = Vec::new();
    if let Some(database) = &bound.database {
        members.push(("database", json!(database).into()));
    }
    let index = match &written.index {
        Some(index) => Some(&index.value),
        None => Some(&bound.index).filter(|_| written.schemas.is_empty()),
    };
    if !written.schemas.is_empty() {
        let schemas: Vec<&String> = written.schemas.iter().map(|schema| &schema.value).collect();
        members.push(("schemas", json!(schemas).into()));
    }
    if let Some(index) = index {
        members.push(("index", json!(index).into()));
    }
    if !bound.plugins.is_empty() {
        members.push(("plugins", json!(bound.plugins).into()));
    }
    for (name, written) in [("routing", &written.routing), ("pipeline", &written.pipeline)] {
        if let Some(written) = written {
            members.push((name, json!(written.value).into()));
        }
    }
    for (name, part) in [("setting", &written.setting), ("mapping", &written.mapping), ("mappings", &written.mappings)]
    {
        if let Some(Spanned { value, span }) = part {
            let text = source.text.get(span.start..span.end).unwrap_or_default();
            let tree = parse_tree(&Source::new(&source.path, text));
            members.push((name, tree.unwrap_or_else(|_| value.clone().into())));
        }
    }
    if bound.meta {
        members.push(("_meta", json!(true).into()));
    }
    members.push(("nodes", node(&written.root, &bound.root, None, catalog).into()));
    object(members)
}

fn object<'a>(members: impl IntoIterator<Item = (&'a str, Tree)>) -> Tree {
    Tree::Object(members.into_iter().map(|(name, member)| (quoted(name), member)).collect())
}

fn node(written: &ast::Node, bound: &bound::Node, parent: Option<&bound::Node>, catalog: &Catalog) -> Value {
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| object.insert(name.into(), value);
    set("table", json!(written.table.value));
    if let Some(schema) = &written.schema {
        set("schema", json!(schema.value));
    }
    if written.label.is_some() || bound.label != written.table.value {
        set("label", json!(bound.label));
    }
    if !written.columns.is_empty() {
        set(
            "columns",
            bound.columns.iter().filter(|column| column.computed.is_none()).map(|column| json!(column.text)).collect(),
        );
    }
    if !written.computed.is_empty() {
        let fields = written.computed.iter().map(|(field, expression)| (field.value.clone(), json!(expression.value)));
        set("computed", Value::Object(fields.collect()));
    }
    if !written.aggregate.is_empty() {
        let fields = written.aggregate.iter().map(|(field, entry)| (field.value.clone(), json!(entry.value.text)));
        set("aggregate", Value::Object(fields.collect()));
    }
    if !written.primary_key.is_empty() {
        set("primary_key", written.primary_key.iter().map(|column| json!(column.value)).collect());
    }
    if let Some(filter) = &written.filter {
        set("where", json!(filter.value));
    }
    if !written.order_by.is_empty() {
        set("order_by", written.order_by.iter().map(|entry| json!(entry.value)).collect());
    }
    if let Some(limit) = &written.limit {
        set("limit", json!(limit.value));
    }
    if let Some(distinct) = &written.distinct {
        set("distinct", json!(distinct.value));
    }
    if let Some(on_change) = &written.on_change {
        set("on_change", json!(on_change.value));
    }
    if !written.base_tables.is_empty() {
        set("base_tables", written.base_tables.iter().map(|table| json!(table.value)).collect());
    }
    if let (Some(link), Some(parent)) = (&bound.link, parent) {
        let variant = match bound.shape {
            Shape::Object | Shape::Objects => "object",
            Shape::Scalar | Shape::Scalars => "scalar",
            Shape::Flat => "flatten",
        };
        let ways = link.through.as_ref().map(|through| through_ways(catalog, parent.table, bound.table, through.table));
        // Where the join table's declared keys leave no choice, its name is enough.
        let columns = ways.is_none_or(|ways| ways.len() != 1 || ways[0].link != *link);
        let many = bound.shape.is_many() || bound.is_aggregate();
        set("relationship", link.written(catalog, bound.table, many, variant, columns));
    }
    if let Some(empty) = &written.empty {
        set("empty", json!(EMPTY[usize::from(empty.value)].word));
    }
    if written.transform != ast::Transform::default() {
        set("transform", transform(&written.transform));
    }
    if !bound.children.is_empty() {
        let pairs = written.children.iter().zip(&bound.children);
        set("children", pairs.map(|(written, child)| node(written, child, Some(bound), catalog)).collect());
    }
    Value::Object(object)
}

/// As it was written.
fn transform(written: &ast::Transform) -> Value {
    let mut object = Map::new();
    for (name, rules) in [("rename", &written.rename), ("replace", &written.replace)] {
        if !rules.is_empty() {
            object.insert(name.to_owned(), self::rules(rules));
        }
    }
    if !written.concat.is_empty() {
        let concat = |concat: &ast::Concat| {
            let columns: Vec<&str> = concat.columns.iter().map(|name| name.value.as_str()).collect();
            let mut object = json!({ "columns": columns, "destination": concat.destination.value });
            if !concat.delimiter.is_empty() {
                object["delimiter"] = json!(concat.delimiter);
            }
            object
        };
        object.insert("concat".to_owned(), written.concat.iter().map(concat).collect());
    }
    if !written.mapping.is_empty() {
        let fields = written.mapping.iter().map(|(name, mapping)| (name.value.clone(), mapping.value.clone()));
        object.insert("mapping".to_owned(), Value::Object(fields.collect()));
    }
    Value::Object(object)
}

fn rules(rules: &[(Spanned<String>, ast::Rules)]) -> Value {
    let rule = |(name, rule): &(Spanned<String>, ast::Rules)| {
        let value = match rule {
            ast::Rules::Text(text) => json!(text.value),
            ast::Rules::Within(within) => self::rules(within),
        };
        (name.value.clone(), value)
    };
    Value::Object(rules.iter().map(rule).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compile, layout, parse, resolve};
    use std::{fs, path::Path};

    /// Every schema of the repository that compiles, with its catalogue.
    fn schemas() -> Vec<(String, String, Catalog)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let catalog = |path: &Path| Catalog::from_json(&fs::read_to_string(path).unwrap()).unwrap();
        let mut found = Vec::new();
        for directory in ["examples", "tests/diagnostics", "tests/cases"] {
            for entry in fs::read_dir(root.join(directory)).unwrap() {
                let path = entry.unwrap().path();
                let schema = path.join("schema.json");
                if schema.is_file() {
                    let own = ["schema.catalog.json", "catalog.json"].map(|name| path.join(name));
                    let shared = root.join(directory).join("catalog.json");
                    let catalog = catalog(own.iter().find(|own| own.is_file()).unwrap_or(&shared));
                    found.push((path.display().to_string(), fs::read_to_string(&schema).unwrap(), catalog));
                }
            }
        }
        found.retain(|(name, text, catalog)| compile(&Source::new(name, text), catalog).is_ok());
        found
    }

    #[test]
    fn the_long_form_means_the_same_and_is_its_own_long_form() {
        let schemas = schemas();
        assert!(schemas.len() > 5, "{} schemas", schemas.len());
        for (name, text, catalog) in schemas {
            let long = |text: &str| {
                let source = Source::new(&name, text);
                let schema = parse(&source).unwrap_or_else(|found| panic!("{found}\n{text}"));
                let (bound, _) = resolve(&source, &schema, &catalog).unwrap_or_else(|found| panic!("{found}\n{text}"));
                layout(&expand(&source, &schema, &bound, &catalog))
            };
            let program = |text: &str| compile(&Source::new(&name, text), &catalog).unwrap().0.to_json();
            let expanded = long(&text);
            assert_eq!(program(&expanded), program(&text), "{name}: {expanded}");
            assert_eq!(long(&expanded), expanded, "{name}");
        }
    }

    #[test]
    fn the_short_form_is_written_out() {
        let (_, text, catalog) = schemas().into_iter().find(|(name, ..)| name.ends_with("readme-short")).unwrap();
        let source = Source::new("schema.json", &text);
        let schema = parse(&source).unwrap();
        let (bound, _) = resolve(&source, &schema, &catalog).unwrap();
        assert_eq!(
            expand(&source, &schema, &bound, &catalog),
            Tree::from(json!([{ "index": "book", "nodes": {
                "table": "book",
                "columns": ["isbn", "title", "description"],
                "children": [{
                    "table": "author",
                    "label": "authors",
                    "columns": ["name"],
                    "relationship": { "variant": "scalar", "type": "one_to_many", "through_tables": ["book_author"] },
                }],
            }}]))
        );
    }

    #[test]
    fn what_editors_read_stays_at_the_top() {
        let (_, _, catalog) = schemas().into_iter().find(|(name, ..)| name.ends_with("readme-short")).unwrap();
        for text in
            [r#"{"$schema": "x.json", "table": "book"}"#, r#"{"$schema": "x.json", "documents": [{"table": "book"}]}"#]
        {
            let source = Source::new("schema.json", text);
            let schema = parse(&source).unwrap();
            let (bound, _) = resolve(&source, &schema, &catalog).unwrap();
            let expanded = expand(&source, &schema, &bound, &catalog);
            let document = json!({ "index": "book", "nodes": { "table": "book" } });
            assert_eq!(expanded, Tree::from(json!({ "$schema": "x.json", "documents": [document] })), "{text}");
        }
    }

    #[test]
    fn what_is_passed_on_to_the_engine_keeps_its_digits() {
        let (_, _, catalog) = schemas().into_iter().find(|(name, ..)| name.ends_with("readme-short")).unwrap();
        let parts = r#""setting": { "a": 1.10, "b": 0.12345678901234567890 },"#;
        let source =
            Source::new("schema.json", format!(r#"[{{"index": "book", {parts} "nodes": {{"table": "book"}}}}]"#));
        let schema = parse(&source).unwrap();
        let (bound, _) = resolve(&source, &schema, &catalog).unwrap();
        let text = layout(&expand(&source, &schema, &bound, &catalog));
        assert!(text.contains(parts), "{text}");
    }
}
