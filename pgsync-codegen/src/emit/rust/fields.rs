//! Names of fields as searches write them. In: a document's nodes and the mapping of its index. Out: the call of a macro that
//! makes a module of constants for each struct, each the whole path from the root of the document, so that a search which
//! names a field that is gone does not compile. What only the mapping declares (sub-fields, fields that a plugin adds) has
//! its constant too.

use super::names::{DocumentNames, Scope, snake};
use pgsync_plan::{Document, Field, FieldValue, IndexDefinition, Node, NodeId, Shape};
use proc_macro2::Literal;
use serde_json::{Map, Value};

/// What stands for the call among the tokens. The printer would fill its lines whatever belongs together.
pub(super) const CALL: &str = "    rt::names!();\n";

/// Longest line of it.
const WIDTH: usize = 120;

/// The call for the modules of one document, laid out.
pub(super) fn call(document: &Document, definition: &IndexDefinition, names: &DocumentNames) -> String {
    let mut modules = Modules { document, names, templates: templates(&definition.mappings), made: String::new() };
    modules.node(NodeId(0), "", definition.mappings["properties"].as_object());
    format!("    rt::names! {{\n{}    }}\n", modules.made)
}

struct Modules<'a> {
    document: &'a Document,
    names: &'a DocumentNames,
    templates: Vec<(&'a str, &'a Value)>,
    made: String,
}

/// Constants of a module: words of the name, path.
type Found = Vec<(Vec<String>, String)>;

impl<'a> Modules<'a> {
    /// The module of a node that shows objects, and those below it. `properties` is what its index says of its fields.
    fn node(&mut self, id: NodeId, above: &str, properties: Option<&'a Map<String, Value>>) {
        let fields = shown(self.document, self.document.node(id));
        let mut found = Found::new();
        let mut below = Vec::new();
        for field in &fields {
            let path = format!("{above}{}", field.name);
            found.push((vec![field.name.clone()], path.clone()));
            let property = properties.and_then(|properties| properties.get(&field.name));
            match field.value {
                FieldValue::Child(child) if shows_objects(self.document.node(child).shape) => {
                    let properties = property.and_then(|property| property["properties"].as_object());
                    below.push((child, format!("{path}."), properties));
                }
                _ => self.within(std::slice::from_ref(&field.name), &path, property, &mut found),
            }
        }
        // What the mapping alone declares.
        for (name, property) in properties.into_iter().flatten() {
            if fields.iter().all(|field| field.name != *name) {
                let path = format!("{above}{name}");
                found.push((vec![name.clone()], path.clone()));
                self.within(std::slice::from_ref(name), &path, Some(property), &mut found);
            }
        }
        let module = &self.names.fields[id.0];
        self.module(&format!("{module} {}:", literal(above)), &constants(above, &found));
        for (child, path, properties) in below {
            self.node(child, &path, properties);
        }
    }

    /// One module: what it is, and its constants, those of a field together. All on one line, or a line for each field, so that
    /// one more field moves no other.
    fn module(&mut self, head: &str, fields: &[Vec<String>]) {
        let whole = format!("        {head} {};\n", fields.concat().join(", "));
        if whole.chars().count() <= WIDTH {
            self.made.push_str(&whole);
            return;
        }
        self.made.push_str(&format!("        {head}"));
        for (position, constants) in fields.iter().enumerate() {
            let mut line = String::from("\n           ");
            for constant in constants {
                if line.chars().count() + constant.chars().count() > WIDTH {
                    self.made.push_str(&line);
                    line = String::from("\n           ");
                }
                line.push_str(&format!(" {constant},"));
            }
            self.made.push_str(if position + 1 == fields.len() { line.trim_end_matches(',') } else { &line });
        }
        self.made.push_str(";\n");
    }

    /// Sub-fields and members of a field.
    fn within(&self, words: &[String], path: &str, property: Option<&Value>, found: &mut Found) {
        let template = self.templates.iter().find(|(matched, _)| *matched == path).map(|(_, mapping)| *mapping);
        let Some(property) = property.or(template) else { return };
        for part in ["fields", "properties"] {
            for (name, property) in property[part].as_object().into_iter().flatten() {
                let (mut words, path) = (words.to_vec(), format!("{path}.{name}"));
                words.push(name.clone());
                found.push((words.clone(), path.clone()));
                self.within(&words, &path, Some(property), found);
            }
        }
    }
}

/// The fields that a node's objects show: those of flattened children stand among its own.
fn shown<'a>(document: &'a Document, node: &'a Node) -> Vec<&'a Field> {
    let fields = node.fields.iter().filter(|field| !field.hidden);
    let each = fields.flat_map(|field| match field.value {
        FieldValue::Child(child) if document.node(child).shape == Shape::Flat => shown(document, document.node(child)),
        _ => vec![field],
    });
    each.collect()
}

fn shows_objects(shape: Shape) -> bool {
    matches!(shape, Shape::Object | Shape::Objects)
}

/// Templates that are for one path, which stand in the place of properties where the schema has templates of its own.
fn templates(mappings: &Value) -> Vec<(&str, &Value)> {
    let templates = mappings["dynamic_templates"].as_array().into_iter().flatten();
    let each = templates.filter_map(|template| template.as_object()?.values().next());
    each.filter_map(|template| Some((template["path_match"].as_str()?, &template["mapping"]))).collect()
}

/// By field, each constant with its path below `above`. Fields keep their names whatever sub-fields come and go: those get theirs afterwards.
fn constants(above: &str, found: &Found) -> Vec<Vec<String>> {
    let mut scope = Scope::default();
    let mut name = |words: &[String]| {
        let words: Vec<String> = words.iter().map(|word| snake(word)).collect();
        // What has no small and large letters, or another length in large ones, stays as it is.
        scope.name(&words.join("_").to_ascii_uppercase())
    };
    let mut named: Vec<_> = found.iter().map(|(words, _)| (words.len() == 1).then(|| name(words))).collect();
    for (ident, (words, _)) in named.iter_mut().zip(found) {
        ident.get_or_insert_with(|| name(words));
    }
    let mut fields: Vec<Vec<String>> = Vec::new();
    for (ident, (words, path)) in named.iter().flatten().zip(found) {
        let constant = format!("{ident}({})", literal(path.strip_prefix(above).unwrap_or(path)));
        match fields.last_mut() {
            Some(field) if words.len() > 1 => field.push(constant),
            _ => fields.push(vec![constant]),
        }
    }
    fields
}

fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}
