//! `transform`. In: its JSON. Out: rules as they are written, by the names of fields; what they stand for is found when the
//! node is bound.

use super::json::{Json, Kind, Member};
use super::value::{find, known, list, object, raw, text, texts, wrong};
use crate::ast::{Concat, Rules, Transform};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::keys::Place;
use crate::source::Spanned;

/// Reads the transforms of a node.
pub(super) fn transform(json: &Json, diagnostics: &mut Diagnostics) -> Transform {
    let Some(members) = object(json, "`transform`", diagnostics) else { return Transform::default() };
    known(members, Place::Transform, diagnostics);
    let mut found = Transform::default();
    if let Some(json) = find(members, "rename") {
        found.rename = rules(json, "rename", "the new name", diagnostics);
    }
    if let Some(json) = find(members, "replace") {
        found.replace = rules(json, "replace", "what takes its place", diagnostics);
    }
    if let Some(json) = find(members, "concat") {
        let entries = match &json.kind {
            Kind::List(list) => list.as_slice(),
            _ => std::slice::from_ref(json),
        };
        found.concat = entries.iter().filter_map(|entry| concat(entry, diagnostics)).collect();
    }
    if let Some(members) = find(members, "mapping").and_then(|json| object(json, "`mapping`", diagnostics)) {
        for Member { name, span, value } in members {
            object(value, &format!("the mapping of `{name}`"), diagnostics);
            found.mapping.push((Spanned::new(name.clone(), *span), raw(value, diagnostics)));
        }
    }
    found.moved = members.iter().find(|member| member.name == "move").map(|member| member.span);
    found
}

/// Rules by name: a text, or rules for what is within.
fn rules(json: &Json, name: &str, what: &str, diagnostics: &mut Diagnostics) -> Vec<(Spanned<String>, Rules)> {
    let Some(members) = object(json, &format!("`{name}`"), diagnostics) else { return Vec::new() };
    let mut found = Vec::new();
    for Member { name: of, span, value } in members {
        let rule = match &value.kind {
            Kind::Text(text) => Rules::Text(Spanned::new(text.clone(), value.span)),
            Kind::Object(_) => Rules::Within(rules(value, name, what, diagnostics)),
            _ => {
                wrong(diagnostics, value, &format!("{what} of `{of}`"), "a string, or an object of such rules");
                continue;
            }
        };
        found.push((Spanned::new(of.clone(), *span), rule));
    }
    found
}

fn concat(json: &Json, diagnostics: &mut Diagnostics) -> Option<Concat> {
    let members = object(json, "`concat`", diagnostics)?;
    known(members, Place::Concat, diagnostics);
    let columns = texts(members, "columns", diagnostics);
    if let Some(json) = find(members, "columns") {
        if !matches!(json.kind, Kind::Text(_)) {
            let empty = list(json, "`columns`", "an array of strings", diagnostics).is_empty();
            if empty {
                diagnostics.push(Diagnostic::new(Code::WrongValue, json.span, "`concat` puts nothing together"));
            }
        }
    } else {
        diagnostics.push(Diagnostic::new(Code::Missing, json.span, "a `concat` without `columns`"));
    }
    let delimiter = find(members, "delimiter").and_then(|value| text(value, "`delimiter`", diagnostics));
    let Some(destination) = find(members, "destination") else {
        diagnostics.push(
            Diagnostic::new(Code::Missing, json.span, "a `concat` without `destination`")
                .help("name the field that it makes: \"destination\": \"...\""),
        );
        return None;
    };
    let destination = text(destination, "`destination`", diagnostics)?;
    Some(Concat { columns, destination, delimiter: delimiter.map(|text| text.value).unwrap_or_default() })
}
