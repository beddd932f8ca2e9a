//! Rendered documents on their way to the engine: one buffer that is the body of bulk requests as it stands, so nothing
//! is copied or allocated per document. In: `_id`s and bodies from assembly, and the version of the read they come from.
//! Out: lines to send. A body is JSON on one line and is never parsed here.

use super::budget::{Count, Share};
use super::render;
use crate::Version;
use bytes::Bytes;
use std::borrow::Cow;
use std::io::Write as _;
use std::ops::Range;

/// What stands before the `_id` of a document to write.
const INDEX: &[u8] = br#"{"index":{"_id":"#;
/// What stands before the `_id` of a document to delete.
const DELETE: &[u8] = br#"{"delete":{"_id":"#;

/// A run of documents to write and ids to delete, all of one read.
#[derive(Debug)]
pub struct Documents {
    version: Version,
    /// What follows the `_id` in an action line.
    tail: Vec<u8>,
    buffer: Vec<u8>,
    entries: Vec<Entry>,
    /// What the read may take, then what is held.
    share: Share,
    /// What the read took at most.
    cost: usize,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    start: usize,
    /// The `_id` as a JSON string ends here.
    id: usize,
    /// The body begins here; at the end where there is none.
    body: usize,
    end: usize,
}

/// One document: its `_id` and its JSON, or no JSON where it has to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'a> {
    /// The `_id`, unescaped.
    pub id: Cow<'a, str>,
    /// The body; `None` deletes.
    pub body: Option<&'a [u8]>,
}

impl Documents {
    /// Nothing, of a read at this version that may take what memory it needs.
    pub fn new(version: Version) -> Self {
        Self::of_kind(version, "external", Share::unlimited())
    }

    /// Nothing, of a read at this version that takes the place of another at the same: a repair.
    pub fn repairing(version: Version) -> Self {
        Self::of_kind(version, "external_gte", Share::unlimited())
    }

    /// Nothing, of a read at this version that may take as much memory. The share is held until all is accepted.
    pub fn within(version: Version, share: Share) -> Self {
        Self::of_kind(version, "external", share)
    }

    fn of_kind(version: Version, kind: &str, share: Share) -> Self {
        let mut tail = Vec::with_capacity(64);
        // Writing to a vector cannot fail.
        let _ = writeln!(tail, r#","version":{},"version_type":"{kind}"}}}}"#, version.0);
        Self { version, tail, buffer: Vec::new(), entries: Vec::new(), share, cost: 0 }
    }

    /// The version that every write and delete carries.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Adds one document, whose body `write` appends to the buffer it is given. Where that fails nothing is added.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn index<E>(&mut self, id: &[u8], write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let mut entry = self.action(INDEX, id);
        entry.body = self.buffer.len();
        let written = write(&mut self.buffer);
        if let Err(error) = written {
            self.buffer.truncate(entry.start);
            return Err(error);
        }
        entry.end = self.buffer.len();
        self.buffer.push(b'\n');
        self.entries.push(entry);
        Ok(())
    }

    /// Adds one id to delete.
    pub fn delete(&mut self, id: &[u8]) {
        let entry = self.action(DELETE, id);
        self.entries.push(entry);
    }

    fn action(&mut self, verb: &[u8], name: &[u8]) -> Entry {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(verb);
        render::text::string(name, &mut self.buffer);
        let id = self.buffer.len();
        self.buffer.extend_from_slice(&self.tail);
        let end = self.buffer.len();
        Entry { start, id, body: end, end }
    }

    /// Nothing yet, to take what becomes of these: at the same version, in the same kind of action.
    pub(crate) fn another(&self) -> Self {
        let (version, tail, share) = (self.version, self.tail.clone(), Share::unlimited());
        Self { version, tail, buffer: Vec::new(), entries: Vec::new(), share, cost: 0 }
    }

    /// Adds the document that is written in `read` at a position, with another body. Where `write` fails nothing is added.
    ///
    /// # Errors
    /// Those of `write`.
    pub(crate) fn index_as<E>(
        &mut self,
        read: &Self,
        position: usize,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let of = read.entries[position];
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&read.buffer[of.start..of.body]);
        let (id, body) = (start + (of.id - of.start), self.buffer.len());
        if let Err(error) = write(&mut self.buffer) {
            self.buffer.truncate(start);
            return Err(error);
        }
        self.entries.push(Entry { start, id, body, end: self.buffer.len() });
        self.buffer.push(b'\n');
        Ok(())
    }

    /// Adds a delete of the document that is written or deleted in `read` at a position.
    pub(crate) fn delete_as(&mut self, read: &Self, position: usize) {
        let of = read.entries[position];
        let verb = if of.body < of.end { INDEX } else { DELETE };
        let start = self.buffer.len();
        self.buffer.extend_from_slice(DELETE);
        self.buffer.extend_from_slice(&read.buffer[of.start + verb.len()..of.id]);
        let id = self.buffer.len();
        self.buffer.extend_from_slice(&self.tail);
        let end = self.buffer.len();
        self.entries.push(Entry { start, id, body: end, end });
    }

    /// Adds all of another run, which is of the same read.
    pub(crate) fn append(&mut self, other: Self) {
        if self.is_empty() {
            (self.buffer, self.entries) = (other.buffer, other.entries);
            return;
        }
        let by = self.buffer.len();
        self.buffer.extend_from_slice(&other.buffer);
        let moved = |Entry { start, id, body, end }: Entry| Entry {
            start: start + by,
            id: id + by,
            body: body + by,
            end: end + by,
        };
        self.entries.extend(other.entries.into_iter().map(moved));
    }

    /// A count of what the read takes.
    pub(crate) fn count(&self) -> Count {
        self.share.count()
    }

    /// The read took so many bytes at a time.
    pub(crate) fn took(&mut self, bytes: usize) {
        self.cost = self.cost.max(bytes);
    }

    /// What the read took at most, rows included.
    pub(crate) fn cost(&self) -> usize {
        self.cost
    }

    /// The read is done: what is held from now on are the documents.
    pub(crate) fn settle(&mut self) {
        self.share.keep(self.buffer.capacity() + self.entries.capacity() * size_of::<Entry>());
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

    /// The document at a position.
    pub fn get(&self, position: usize) -> Document<'_> {
        document(&self.buffer, self.entries[position])
    }

    /// Every document, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Document<'_>> {
        (0..self.len()).map(|position| self.get(position))
    }

    /// Ready to be sent, in any number of requests.
    pub(crate) fn seal(self) -> Lines {
        Lines {
            version: self.version,
            tail: self.tail,
            buffer: self.buffer.into(),
            entries: self.entries,
            _share: self.share,
        }
    }
}

/// Documents that are being sent.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) version: Version,
    tail: Vec<u8>,
    buffer: Bytes,
    entries: Vec<Entry>,
    /// Given back with the documents.
    _share: Share,
}

impl Lines {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn get(&self, position: usize) -> Document<'_> {
        document(&self.buffer, self.entries[position])
    }

    /// Whether the document at a position is to be written.
    pub(crate) fn is_write(&self, position: usize) -> bool {
        let entry = self.entries[position];
        entry.body < entry.end
    }

    /// Where the lines of a document stand.
    pub(crate) fn range(&self, position: usize) -> Range<usize> {
        let end = self.entries.get(position + 1).map_or(self.buffer.len(), |next| next.start);
        self.entries[position].start..end
    }

    /// Lines that are sent as they stand.
    pub(crate) fn slice(&self, range: Range<usize>) -> Bytes {
        self.buffer.slice(range)
    }

    /// Appends the lines of one document.
    pub(crate) fn append(&self, position: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.buffer[self.range(position)]);
    }

    /// Appends the line that deletes a document which was to be written.
    pub(crate) fn append_delete(&self, position: usize, out: &mut Vec<u8>) {
        let entry = self.entries[position];
        out.extend_from_slice(DELETE);
        out.extend_from_slice(&self.buffer[entry.start + INDEX.len()..entry.id]);
        out.extend_from_slice(&self.tail);
    }
}

fn document(buffer: &[u8], entry: Entry) -> Document<'_> {
    let write = entry.body < entry.end;
    let verb = if write { INDEX } else { DELETE };
    let quoted = &buffer[entry.start + verb.len()..entry.id];
    // An id is for messages and for looking a document up. Sent is the buffer, which is UTF-8: sessions see to that.
    let plain = String::from_utf8_lossy(&quoted[1..quoted.len() - 1]);
    let escaped = plain.contains('\\').then(|| serde_json::from_slice(quoted).ok()).flatten();
    let id = escaped.map_or(plain, Cow::Owned);
    Document { id, body: write.then(|| &buffer[entry.body..entry.end]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_is_the_request() {
        let mut documents = Documents::new(Version(7));
        let body = |text: &'static str| {
            move |out: &mut Vec<u8>| {
                out.extend_from_slice(text.as_bytes());
                if text.is_empty() { Err(()) } else { Ok(()) }
            }
        };
        documents.index(b"a", body("{}")).unwrap();
        documents.delete(b"b\"\\");
        assert!(documents.index(b"lost", body("")).is_err());
        documents.index("c|é".as_bytes(), body("{\"x\":1}")).unwrap();
        let seen: Vec<_> = documents.iter().map(|d| (d.id.into_owned(), d.body.map(<[u8]>::to_vec))).collect();
        let expected = [("a", Some("{}")), ("b\"\\", None), ("c|é", Some("{\"x\":1}"))]
            .map(|(id, body)| (id.to_owned(), body.map(|body| body.as_bytes().to_vec())));
        assert_eq!(seen, expected);
        let mut other = documents.another();
        assert!(other.index_as(&documents, 0, body("")).is_err());
        other.index_as(&documents, 2, body("{\"y\":2}")).unwrap();
        other.delete_as(&documents, 1);
        other.delete_as(&documents, 0);
        let seen: Vec<_> = other.iter().map(|d| (d.id.into_owned(), d.body.map(<[u8]>::to_vec))).collect();
        let expected = [("c|é", Some(br#"{"y":2}"#.to_vec())), ("b\"\\", None), ("a", None)];
        assert_eq!(seen, expected.map(|(id, body)| (id.to_owned(), body)));
        assert_eq!(other.version(), Version(7));
        let lines = documents.seal();
        assert_eq!([0, 1, 2].map(|position| lines.is_write(position)), [true, false, true]);
        let text = String::from_utf8(lines.slice(0..lines.range(2).end).to_vec()).unwrap();
        let tail = r#","version":7,"version_type":"external"}}"#;
        let expected = [
            format!(r#"{{"index":{{"_id":"a"{tail}"#),
            "{}".to_owned(),
            format!(r#"{{"delete":{{"_id":"b\"\\"{tail}"#),
            format!(r#"{{"index":{{"_id":"c|é"{tail}"#),
            r#"{"x":1}"#.to_owned(),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
        let mut other = Vec::new();
        lines.append_delete(2, &mut other);
        lines.append(1, &mut other);
        let other = String::from_utf8(other).unwrap();
        assert_eq!(
            other,
            format!("{{\"delete\":{{\"_id\":\"c|é\"{tail}\n{{\"delete\":{{\"_id\":\"b\\\"\\\\\"{tail}\n")
        );
    }
}
