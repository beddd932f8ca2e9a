//! Places in an expression. In: lines and columns as the SQL parser counts them. Out: bytes of the text.

use sqlparser::tokenizer::{Location, Span};
use std::ops::Range;

/// Where the lines of a text begin.
pub(super) struct Places<'a> {
    text: &'a str,
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let behind = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, lines: std::iter::once(0).chain(behind).collect() }
    }

    /// Both are counted from 1, columns in characters.
    fn byte(&self, Location { line, column }: Location) -> usize {
        let at = |count: u64| usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(1);
        let Some(start) = self.lines.get(at(line)).copied() else { return self.text.len() };
        let line = &self.text[start..];
        line.char_indices().nth(at(column)).map_or(self.text.len(), |(byte, _)| start + byte)
    }

    /// A range of the parser's; the whole text where it names none.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        if span.start.line == 0 {
            return 0..self.text.len();
        }
        let start = self.byte(span.start);
        start..self.byte(span.end).max(start)
    }

    /// Takes the place off the end of what the parser says.
    pub(super) fn of_error(&self, said: &str) -> (String, Range<usize>) {
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let place = said.rsplit_once(" at Line: ").and_then(|(said, place)| {
            let (line, column) = place.split_once(", Column: ")?;
            Some((said, Location { line: number(line)?, column: number(column)? }))
        });
        let Some((said, location)) = place else {
            let last = self.text.trim_end().char_indices().last();
            // At the end there is nothing to point at but what stands before it.
            let at_end = last.filter(|_| said.ends_with("EOF"));
            return (said.to_owned(), at_end.map_or(0..self.text.len(), |(at, last)| at..at + last.len_utf8()));
        };
        let start = self.byte(location);
        let rest = &self.text[start..];
        let end = rest.find(char::is_whitespace).filter(|end| *end > 0).unwrap_or(rest.len());
        (said.to_owned(), start..start + end)
    }
}
