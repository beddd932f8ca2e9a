//! Drawing diagnostics. In: findings and their source. Out: rustc's look, with or without colour, or JSON lines.

use super::{Diagnostic, Diagnostics};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::json;

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
        for diagnostic in self.iter().take(SHOWN) {
            let level = if diagnostic.code.is_warning() { Level::WARNING } else { Level::ERROR };
            let length = self.source.text.len();
            let start = diagnostic.span.start.min(length);
            let end = diagnostic.span.end.clamp(start, length);
            let mut annotation = AnnotationKind::Primary.span(start..end);
            if !diagnostic.label.is_empty() {
                annotation = annotation.label(&diagnostic.label);
            }
            let snippet = Snippet::source(&self.source.text).path(&self.source.path).annotation(annotation);
            let mut group = level.primary_title(&diagnostic.message).id(diagnostic.code.id()).element(snippet);
            for help in &diagnostic.help {
                group = group.element(Level::HELP.message(help));
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
