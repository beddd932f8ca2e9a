//! Drawing diagnostics. In: findings and their source. Out: rustc's look, with or without colour, or JSON lines.

use super::{Diagnostic, Diagnostics};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;
use std::borrow::Cow;

/// Most findings that are shown: to draw one the whole file is walked through.
const SHOWN: usize = 100;

impl Diagnostics {
    /// For a terminal.
    pub fn coloured(&self) -> String {
        self.draw(&Renderer::styled())
    }

    /// For a file, or a message of rustc.
    pub fn plain(&self) -> String {
        self.draw(&Renderer::plain())
    }

    /// For editors: one JSON object per finding.
    pub fn json(&self) -> String {
        let line = |diagnostic: &Diagnostic| {
            let (line, column) = self.source.place(diagnostic.span.start);
            let (end_line, end_column) = self.source.place(diagnostic.span.end);
            let value = json!({
                "code": diagnostic.code.id(),
                "severity": if diagnostic.code.is_warning() { "warning" } else { "error" },
                "message": diagnostic.message,
                "file": self.source.path,
                "line": line, "column": column, "end_line": end_line, "end_column": end_column,
                "label": diagnostic.label, "help": diagnostic.help,
            });
            value.to_string() + "\n"
        };
        self.iter().take(SHOWN).map(line).collect()
    }

    fn draw(&self, renderer: &Renderer) -> String {
        let mut drawn: Vec<String> = Vec::new();
        let text = in_place(&self.source.text);
        for diagnostic in self.iter().take(SHOWN) {
            let level = if diagnostic.code.is_warning() { Level::WARNING } else { Level::ERROR };
            let length = text.len();
            let start = diagnostic.span.start.min(length);
            let end = diagnostic.span.end.clamp(start, length);
            let mut annotation = AnnotationKind::Primary.span(start..end);
            if !diagnostic.label.is_empty() {
                annotation = annotation.label(shown(&diagnostic.label));
            }
            let snippet = Snippet::source(text.as_ref()).path(&self.source.path).annotation(annotation);
            let mut group = level.primary_title(shown(&diagnostic.message)).id(diagnostic.code.id()).element(snippet);
            for help in &diagnostic.help {
                group = group.element(Level::HELP.message(shown(help)));
            }
            drawn.push(renderer.render(&[group]));
        }
        if self.list.len() > SHOWN {
            drawn.push(format!("and {} findings more", self.list.len() - SHOWN));
        }
        let mut text = drawn.join("\n\n");
        text.push('\n');
        text
    }
}

/// A message without what a terminal would act on; names in it come from files and databases. The renderer itself looks
/// after the source only, and leaves the controls from U+0080 on.
fn shown(text: &str) -> Cow<'_, str> {
    let direction =
        |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let acts = |c: char| (c.is_control() && c != '\n') || direction(c);
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// The source with another character of the same length for each control that the renderer does not know: places stay.
fn in_place(text: &str) -> Cow<'_, str> {
    const REST: std::ops::RangeInclusive<char> = '\u{80}'..='\u{9f}';
    if text.contains(|c| REST.contains(&c)) {
        Cow::Owned(text.replace(|c| REST.contains(&c), "\u{b7}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{Source, Span};

    #[test]
    fn what_a_file_holds_moves_no_cursor() {
        let name = "\u{1b}[2J\u{9b}1m\u{7f}\u{7}\r\u{202e}x";
        let text = format!("{{\"table\": \"{name}\"}}\n");
        let source = Source::new("schema.json", &text);
        let mut found = Diagnostics::new(&source);
        let span = Span { start: 10, end: text.len() - 2 };
        let diagnostic = Diagnostic::new(Code::UnknownTable, span, format!("there is no table `{name}`"));
        found.push(diagnostic.label(name).help(name));
        let drawn = found.plain();
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!drawn.contains(acts), "{drawn:?}");
        assert!(drawn.contains("there is no table `\\u{1b}[2J\\u{9b}1m"), "{drawn}");
    }
}
