//! What a value of a key has to be. In: a JSON value, and what it is called. Out: the value with its place; where it is something
//! else, that is said, and what is accepted. No key is known here.

use super::json::{Json, Kind, Member};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::keys::{Choice, Place};
use crate::source::{Span, Spanned};
use serde_json::Value;

/// A number of rows.
pub(super) fn count(json: &Json, what: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<u32>> {
    if !matches!(json.kind, Kind::Number) {
        wrong(diagnostics, json, what, "a number of rows, from 1");
        return None;
    }
    let number = diagnostics.text(json.span.start..json.span.end).and_then(|text| text.parse().ok());
    if number.is_none_or(|number: u32| number == 0) {
        let found = format!("{what} is no number of rows, accepted are whole numbers from 1 to {}", u32::MAX);
        diagnostics.push(Diagnostic::new(Code::WrongValue, json.span, found));
        return None;
    }
    Some(Spanned::new(number?, json.span))
}

/// True or false.
pub(super) fn flag(json: &Json, what: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<bool>> {
    if !matches!(json.kind, Kind::Bool) {
        wrong(diagnostics, json, what, "true or false");
        return None;
    }
    let written = diagnostics.text(json.span.start..json.span.end)?;
    Some(Spanned::new(written == "true", json.span))
}

/// Which of some words is chosen, by its position.
pub(super) fn choice(
    members: &[Member],
    name: &str,
    choices: &[Choice],
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<usize>> {
    let value = text(find(members, name)?, &format!("`{name}`"), diagnostics)?;
    if let Some(position) = choices.iter().position(|choice| choice.word == value.value) {
        return Some(Spanned::new(position, value.span));
    }
    let words = || choices.iter().map(|choice| choice.word);
    let (last, others) = choices.split_last()?;
    let others: Vec<String> = others.iter().map(|choice| format!("`{}`", choice.word)).collect();
    diagnostics.push(
        Diagnostic::new(Code::WrongValue, value.span, format!("`{name}` is `{}`", value.value))
            .help(format!("accepted are {} and `{}`", others.join(", "), last.word))
            .suggest(&value.value, words()),
    );
    None
}

/// What a key holds. One that holds null is as good as not written: PGSync's users write `"routing": null`.
pub(super) fn find<'a>(members: &'a [Member], name: &str) -> Option<&'a Json> {
    let found = members.iter().find(|member| member.name == name).map(|member| &member.value);
    found.filter(|value| !matches!(value.kind, Kind::Null))
}

/// Names every member that is not part of the language.
pub(super) fn known(members: &[Member], place: Place, diagnostics: &mut Diagnostics) {
    for Member { name, span, .. } in members {
        let mut names = place.keys().map(|key| key.name);
        if names.any(|known| known == name) {
            continue;
        }
        let names: Vec<&str> = place.keys().map(|key| key.name).collect();
        diagnostics.push(
            Diagnostic::new(Code::UnknownKey, *span, format!("`{name}` is not a key of a {}", place.name()))
                .help(format!("accepted are {}", names.join(", ")))
                .suggest(name, names),
        );
    }
}

pub(super) fn wrong(diagnostics: &mut Diagnostics, json: &Json, what: &str, accepted: &str) {
    let message = format!("{what} is {}, accepted is {accepted}", json.noun());
    diagnostics.push(Diagnostic::new(Code::WrongType, json.span, message));
}

pub(super) fn object<'a>(json: &'a Json, what: &str, diagnostics: &mut Diagnostics) -> Option<&'a [Member]> {
    if let Kind::Object(members) = &json.kind {
        return Some(members);
    }
    wrong(diagnostics, json, what, "an object");
    None
}

pub(super) fn list<'a>(json: &'a Json, what: &str, accepted: &str, diagnostics: &mut Diagnostics) -> &'a [Json] {
    if let Kind::List(list) = &json.kind {
        return list;
    }
    wrong(diagnostics, json, what, accepted);
    &[]
}

pub(super) fn text(json: &Json, what: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    if let Kind::Text(text) = &json.kind {
        return Some(Spanned::new(text.clone(), json.span));
    }
    wrong(diagnostics, json, what, "a string");
    None
}

pub(super) fn texts(members: &[Member], name: &str, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    let Some(json) = find(members, name) else { return Vec::new() };
    // PGSync takes a bare name where a list of one is meant.
    if let Kind::Text(text) = &json.kind {
        return vec![Spanned::new(text.clone(), json.span)];
    }
    let elements = list(json, &format!("`{name}`"), "an array of strings", diagnostics);
    elements.iter().filter_map(|element| text(element, &format!("an entry of `{name}`"), diagnostics)).collect()
}

/// Most levels of a part that is passed on. What holds it adds some: a program must be readable again, and readers of JSON
/// stop at 128.
const DEEPEST: usize = 100;

/// A part that is passed on as it is.
pub(super) fn raw(json: &Json, diagnostics: &mut Diagnostics) -> Spanned<Value> {
    let Span { start, end } = json.span;
    let depth = json.depth();
    if depth > DEEPEST {
        let what = format!("this is nested {depth} levels deep, accepted are at most {DEEPEST}");
        diagnostics.push(Diagnostic::new(Code::WrongValue, json.span, what));
        return Spanned::new(Value::Null, json.span);
    }
    let read = serde_json::from_str(diagnostics.text(start..end).unwrap_or_default());
    let value = read.unwrap_or_else(|error| {
        let what = format!("this cannot be passed on to the engine: {error}");
        diagnostics.push(Diagnostic::new(Code::WrongValue, json.span, what).help("numbers must fit a double"));
        Value::Null
    });
    Spanned::new(value, json.span)
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::{Source, compile};
    use pgsync_plan::Program;

    #[test]
    fn the_deepest_setting_survives_in_a_program() {
        let text = include_str!("../../../tests/diagnostics/catalog.json");
        let catalog = Catalog::from_json(text).unwrap();
        let deep = |levels: usize| {
            let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
            let part = format!(r#"{{"x": {open}{close}}}"#);
            let text =
                format!(r#"[{{"index": "a", "setting": {part}, "mapping": {part}, "nodes": {{"table": "author"}}}}]"#);
            compile(&Source::new("schema.json", text), &catalog)
        };
        for levels in 90..=127 {
            if let Ok((program, _)) = deep(levels) {
                assert!(Program::from_json(&program.to_json()).is_ok(), "{levels} levels");
            }
        }
        assert!(deep(100).is_ok() && deep(101).is_err());
    }
}
