//! What the compiler has to say. In: findings of the phases. Out: all of one phase together, in the order of their
//! places, drawn for people or as JSON. Drawing happens only in `render`.

mod code;
#[cfg(test)]
mod corpus;
mod render;
mod suggest;

pub use code::{Code, Mend};
pub(crate) use suggest::{listed, nearest};

use crate::source::{Source, Span};
use std::fmt;

/// One finding.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// Names the thing and says what was found.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What is said at that place.
    pub label: String,
    /// What would be accepted, or what to do.
    pub help: Vec<String>,
    /// The line that says it: the corpus shows each of them.
    #[cfg(test)]
    pub(crate) said_at: &'static std::panic::Location<'static>,
}

impl Diagnostic {
    /// A finding at a place.
    #[cfg_attr(test, track_caller)]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span,
            label: String::new(),
            help: Vec::new(),
            #[cfg(test)]
            said_at: std::panic::Location::caller(),
        }
    }

    /// Says something at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Says several things to do.
    #[must_use]
    pub fn helps(self, help: impl IntoIterator<Item = String>) -> Self {
        help.into_iter().fold(self, Self::help)
    }

    /// Adds "did you mean", where a near name is among the known ones.
    #[must_use]
    pub fn suggest<'a>(self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(found, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Adds "did you mean", or, where no name is near, which there are.
    #[must_use]
    pub fn offer<'a>(self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        match nearest(found, known.iter().copied()) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self.help(format!("there are {}", listed(known))),
        }
    }
}

/// The findings of one phase.
#[derive(Debug, Clone)]
pub struct Diagnostics {
    source: Source,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn new(source: &Source) -> Self {
        Self { source: source.clone(), list: Vec::new() }
    }

    /// A piece of the source.
    pub(crate) fn text(&self, range: std::ops::Range<usize>) -> Option<&str> {
        self.source.text.get(range)
    }

    /// Line and column of a place, for a finding that speaks of two.
    pub(crate) fn place(&self, span: Span) -> (usize, usize) {
        self.source.place(span.start)
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another part of the same source.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Drops the warnings behind the first ones: they say once more what is said already.
    pub(crate) fn forget_warnings_after(&mut self, count: usize) {
        let mut position = 0;
        self.list.retain(|diagnostic| {
            position += 1;
            position <= count || !diagnostic.code.is_warning()
        });
    }

    /// Every finding, in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.list.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.span);
        sorted.into_iter()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether compilation has to stop.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| !diagnostic.code.is_warning())
    }

    /// The value, where no error was found; the findings otherwise. Warnings stay.
    ///
    /// # Errors
    /// Itself.
    pub fn finish<T>(self, value: T) -> Result<(T, Self), Self> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain())
    }
}

impl std::error::Error for Diagnostics {}
