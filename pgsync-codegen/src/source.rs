//! The text that is compiled. In: a path and what it holds. Out: spans that point into it.

use serde::Serialize;
use std::path::Path;

/// A schema file.
#[derive(Debug, Clone)]
pub struct Source {
    /// As it is shown in messages.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// Name of the directory that holds it, where that is known.
    pub directory: Option<String>,
}

impl Source {
    /// A source from memory.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), directory: None }
    }

    /// A source that was read from a file. It is called by that path in messages.
    pub fn of_file(path: &Path, text: impl Into<String>) -> Self {
        // The directory by its own name, and the file by the one it is asked by: it may be a link to one of its versions.
        let absolute = std::path::absolute(path).ok();
        let home = absolute.as_deref().and_then(Path::parent).and_then(|home| home.canonicalize().ok());
        let directory = home.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        Self { path: path.display().to_string(), text: text.into(), directory }
    }

    /// What the file is called, which is what its slot is called after: its own name without the extension, or, for
    /// `schema.json` as most are called, the name of its directory.
    pub fn name(&self) -> String {
        let stem =
            Path::new(&self.path).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        match &self.directory {
            Some(directory) if stem == "schema" => directory.clone(),
            _ => stem,
        }
    }

    /// Line and column of a byte, both counted from 1; columns count characters.
    pub fn place(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..byte.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// A range of bytes of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A value and where it stands. Two values are equal wherever they stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}
