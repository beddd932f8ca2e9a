//! Rendered documents on their way to the engine: one buffer, no allocation per document. In: `_id` and body bytes from
//! assembly. Out: the same, in order, to the bulk writer. A body is JSON on one line and is never parsed here.

use std::ops::Range;

/// A run of documents to write and ids to delete.
#[derive(Debug, Default)]
pub struct Documents {
    buffer: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    id: Range<usize>,
    body: Option<Range<usize>>,
}

/// One document: its `_id` and its JSON, or no JSON where it has to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document<'a> {
    /// The `_id`, unescaped.
    pub id: &'a str,
    /// The body; `None` deletes.
    pub body: Option<&'a [u8]>,
}

impl Documents {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one document; both closures append to the buffer they are given.
    pub fn index(&mut self, id: impl FnOnce(&mut Vec<u8>), body: impl FnOnce(&mut Vec<u8>)) {
        let id = Self::append(&mut self.buffer, id);
        let body = Self::append(&mut self.buffer, body);
        self.entries.push(Entry { id, body: Some(body) });
    }

    /// Adds one id to delete.
    pub fn delete(&mut self, id: impl FnOnce(&mut Vec<u8>)) {
        let id = Self::append(&mut self.buffer, id);
        self.entries.push(Entry { id, body: None });
    }

    fn append(buffer: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> Range<usize> {
        let start = buffer.len();
        write(buffer);
        start..buffer.len()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }

    /// Forgets all documents and keeps the memory.
    pub fn clear(&mut self) {
        self.buffer.clear();
        self.entries.clear();
    }

    /// The document at a position.
    pub fn get(&self, position: usize) -> Document<'_> {
        let entry = &self.entries[position];
        Document {
            id: std::str::from_utf8(&self.buffer[entry.id.clone()]).expect("ids are rendered from text"),
            body: entry.body.clone().map(|body| &self.buffer[body]),
        }
    }

    /// Every document, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Document<'_>> {
        (0..self.len()).map(|position| self.get(position))
    }
}
