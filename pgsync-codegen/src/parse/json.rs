//! Strict JSON with places. In: text. Out: a tree of spanned values in the order they are written.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::layout::Tree;
use crate::source::{Source, Span};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::collections::HashSet;

/// A JSON value with its place.
#[derive(Debug)]
pub(super) struct Json {
    pub span: Span,
    pub kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text(String),
    List(Vec<Json>),
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member {
    pub name: String,
    pub span: Span,
    pub value: Json,
}

impl Json {
    /// The same without its places: names and plain values as they are written.
    pub(super) fn tree(&self, source: &Source) -> Tree {
        let written = |span: Span| source.text.get(span.start..span.end).unwrap_or_default().to_owned();
        match &self.kind {
            Kind::List(list) => Tree::List(list.iter().map(|element| element.tree(source)).collect()),
            Kind::Object(members) => {
                let member = |member: &Member| (written(member.span), member.value.tree(source));
                Tree::Object(members.iter().map(member).collect())
            }
            _ => Tree::Plain(written(self.span)),
        }
    }

    /// How many arrays and objects its deepest value stands in, with itself.
    pub(super) fn depth(&self) -> usize {
        match &self.kind {
            Kind::List(list) => 1 + list.iter().map(Self::depth).max().unwrap_or(0),
            Kind::Object(members) => 1 + members.iter().map(|member| member.value.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// What it is, in words.
    pub(super) fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool => "true or false",
            Kind::Number => "a number",
            Kind::Text(_) => "a string",
            Kind::List(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }
}

/// Reads the one value of a source.
pub(super) fn read(source: &Source, diagnostics: &mut Diagnostics) -> Option<Json> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match parse_to_ast(&source.text, &CollectOptions::default(), &strict) {
        Ok(result) => match result.value {
            Some(value) => Some(convert(value, diagnostics)),
            None => {
                let found = Diagnostic::new(Code::Syntax, Span::default(), "the file is empty");
                diagnostics.push(found.help("a schema is an array of documents, or one node with a `table`"));
                None
            }
        },
        Err(error) => {
            let range = error.range();
            let kind = error.kind().to_string();
            // The character at which it ends, as a whole: it may be more than one byte.
            let ends = |at: &usize| *at > source.text.len() || source.text.is_char_boundary(*at);
            let end = (range.end.max(range.start + 1)..).find(ends).unwrap_or(range.end);
            let found = Diagnostic::new(
                Code::Syntax,
                Span { start: range.start, end },
                format!("this is not JSON: {}", kind.trim_end_matches('.').to_lowercase()),
            );
            diagnostics.push(found.label("here"));
            None
        }
    }
}

fn span(node: &impl Ranged) -> Span {
    let range = node.range();
    Span { start: range.start, end: range.end }
}

fn convert(value: ast::Value<'_>, diagnostics: &mut Diagnostics) -> Json {
    let place = span(&value);
    let kind = match value {
        ast::Value::StringLit(text) => Kind::Text(text.value.into_owned()),
        ast::Value::NumberLit(_) => Kind::Number,
        ast::Value::BooleanLit(_) => Kind::Bool,
        ast::Value::NullKeyword(_) => Kind::Null,
        ast::Value::Array(list) => {
            Kind::List(list.elements.into_iter().map(|element| convert(element, diagnostics)).collect())
        }
        ast::Value::Object(object) => {
            let mut members: Vec<Member> = Vec::new();
            let mut seen: HashSet<String> = HashSet::new();
            for property in object.properties {
                let at = span(&property.name);
                let name = property.name.into_string();
                if !seen.insert(name.clone()) {
                    diagnostics.push(
                        Diagnostic::new(Code::Duplicate, at, format!("`{name}` stands twice in this object"))
                            .label("the second one"),
                    );
                }
                members.push(Member { name, span: at, value: convert(property.value, diagnostics) });
            }
            Kind::Object(members)
        }
    };
    Json { span: place, kind }
}
