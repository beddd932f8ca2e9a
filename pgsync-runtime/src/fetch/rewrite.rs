//! What the schema's transforms do to a value. In: its JSON, as it would be shown. Out: the JSON that is shown.
//!
//! Numbers keep their digits and members their order: whatever is not spoken of is copied as it stands.

use super::render::text;
use pgsync_plan::{Concat, Part, Rewrite};
use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

/// Appends a value after its rewriting. What is not JSON is appended as it is: the database said that it is.
pub(super) fn rewrite(rewrite: &Rewrite, json: &[u8], out: &mut Vec<u8>) {
    let text = std::str::from_utf8(json).unwrap_or_default();
    if changed(rewrite, text, true, out).is_none() {
        out.extend_from_slice(json);
    }
}

/// `None`, and nothing appended, where the value is of another shape than is spoken of.
fn changed(rewrite: &Rewrite, json: &str, lists: bool, out: &mut Vec<u8>) -> Option<()> {
    match json.trim_start().as_bytes().first()? {
        b'"' if !rewrite.replace.is_empty() => {
            let mut value: String = serde_json::from_str(json).ok()?;
            for (search, replacement) in &rewrite.replace {
                value = value.replace(search, replacement);
            }
            text::string(value.as_bytes(), out);
        }
        // A list within a list is left alone.
        b'[' if lists => {
            let elements: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            out.push(b'[');
            for (position, element) in elements.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                if changed(rewrite, element.get(), false, out).is_none() {
                    out.extend_from_slice(element.get().as_bytes());
                }
            }
            out.push(b']');
        }
        b'{' if !rewrite.members.is_empty() => object(rewrite, json, out)?,
        _ => return None,
    }
    Some(())
}

fn object(rewrite: &Rewrite, json: &str, out: &mut Vec<u8>) -> Option<()> {
    let members = members(json)?;
    let rule = |name: &str| rewrite.members.iter().find(|member| member.name == name);
    let named = |name: &str| rule(name).and_then(|rule| rule.rename.clone()).unwrap_or_else(|| name.to_owned());
    let names: Vec<String> = members.iter().map(|(name, _)| named(name)).collect();
    out.push(b'{');
    let mut first = true;
    for (position, (name, value)) in members.iter().enumerate() {
        // Of two members of one name the later one counts.
        if names[position + 1..].contains(&names[position]) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        text::string(names[position].as_bytes(), out);
        out.push(b':');
        let within = rule(name).map(|rule| &rule.rewrite).filter(|within| !within.is_nothing());
        if within.and_then(|within| changed(within, value.get(), true, out)).is_none() {
            out.extend_from_slice(value.get().as_bytes());
        }
    }
    out.push(b'}');
    Some(())
}

/// Members of an object in their order.
fn members(json: &str) -> Option<Vec<(String, &RawValue)>> {
    struct InOrder;
    impl<'de> Visitor<'de> for InOrder {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_map(InOrder).ok()
}

/// Appends the text that is put together, as a JSON string. `fields` says where in `out` each field's value stands.
pub(super) fn concat(concat: &Concat, fields: &[Range<usize>], out: &mut Vec<u8>) {
    out.push(b'"');
    let start = out.len();
    for part in &concat.parts {
        let before = out.len();
        if before > start {
            text::string_content(concat.delimiter.as_bytes(), out);
        }
        let delimited = out.len();
        match part {
            Part::Literal(literal) => text::string_content(literal.as_bytes(), out),
            Part::Field(position) => {
                if let Some(field) = fields.get(*position) {
                    shown(field.clone(), out);
                }
            }
        }
        // Nothing to show: no delimiter either.
        if out.len() == delimited {
            out.truncate(before);
        }
    }
    out.push(b'"');
}

/// Appends what a field's JSON is as text, within a JSON string.
fn shown(field: Range<usize>, out: &mut Vec<u8>) {
    match &out[field.clone()] {
        b"null" | b"false" | b"[]" | b"{}" => {}
        b"true" => out.extend_from_slice(b"True"),
        // Its escapes stay valid.
        [b'"', .., b'"'] => out.extend_from_within(field.start + 1..field.end - 1),
        [b'[' | b'{', ..] => {
            let json = out[field].to_vec();
            text::string_content(&json, out);
        }
        number if number.iter().all(|byte| matches!(byte, b'0' | b'.' | b'-')) => {}
        _ => out.extend_from_within(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pgsync_plan::MemberRewrite;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(search, replacement)| ((*search).to_owned(), (*replacement).to_owned())).collect()
    }

    fn rewritten(rule: &Rewrite, json: &str) -> String {
        let mut out = Vec::new();
        rewrite(rule, json.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn parts_of_texts_are_replaced_one_after_the_other() {
        let rule = Rewrite { replace: pairs(&[("a", "b"), ("b", "\"c\"")]), members: Vec::new() };
        assert_eq!(rewritten(&rule, r#""xa\n""#), r#""x\"c\"\n""#);
        assert_eq!(rewritten(&rule, r#"["a",1.50,["a"],{"a":"a"},null]"#), r#"["\"c\"",1.50,["a"],{"a":"a"},null]"#);
        for other in ["1.50", "null", "true", r#"{"a":"a"}"#, "not json"] {
            assert_eq!(rewritten(&rule, other), other);
        }
    }

    #[test]
    fn members_are_renamed_and_rewritten_where_they_stand() {
        let text = Rewrite { replace: pairs(&[("x", "y")]), members: Vec::new() };
        let inner = Rewrite {
            replace: Vec::new(),
            members: vec![MemberRewrite { name: "d".into(), rename: Some("e".into()), rewrite: text.clone() }],
        };
        let rule = Rewrite {
            replace: Vec::new(),
            members: vec![
                MemberRewrite { name: "a".into(), rename: Some("b".into()), rewrite: Rewrite::default() },
                MemberRewrite { name: "c".into(), rename: None, rewrite: inner },
            ],
        };
        let json = r#"{"z" : 1.10, "b":2,"a":[ 1, 2 ],"c":[{"d":"xx"},{"d":7},"x"]}"#;
        assert_eq!(rewritten(&rule, json), r#"{"z":1.10,"b":[ 1, 2 ],"c":[{"e":"yy"},{"e":7},"x"]}"#);
        assert_eq!(rewritten(&rule, r#"[{"a":1},5]"#), r#"[{"b":1},5]"#);
    }

    #[test]
    fn texts_are_put_together_of_what_is_something() {
        let fields = ["\"a\\\"b\"", "null", "0.00", "12.50", "true", "false", "\"\"", "[1, \"x\"]", "-3"];
        let mut out = Vec::new();
        let ranges: Vec<Range<usize>> = fields
            .iter()
            .map(|field| {
                let start = out.len();
                out.extend_from_slice(field.as_bytes());
                start..out.len()
            })
            .collect();
        let start = out.len();
        let parts = (0..fields.len()).map(Part::Field).chain([Part::Literal("it's \"so\"".into())]).collect();
        concat(&Concat { parts, delimiter: " \\ ".into() }, &ranges, &mut out);
        let json = std::str::from_utf8(&out[start..]).unwrap();
        let text: String = serde_json::from_str(json).unwrap();
        assert_eq!(text, r#"a"b \ 12.50 \ True \ [1, "x"] \ -3 \ it's "so""#);
        out.truncate(start);
        concat(&Concat { parts: vec![Part::Field(1)], delimiter: "-".into() }, &ranges, &mut out);
        assert_eq!(&out[start..], b"\"\"");
    }
}
