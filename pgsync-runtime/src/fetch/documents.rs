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

/// What stands before the routing, where there is one.
const ROUTING: &[u8] = br#","routing":"#;

/// A run of documents to write and ids to delete, all of one read.
#[derive(Debug)]
pub struct Documents {
    version: Version,
    /// What follows the address in an action line.
    tail: Vec<u8>,
    /// What follows it where a copy is deleted.
    copy_tail: Vec<u8>,
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
    /// The member that is found and not shown begins here, with its comma; at the end where there is none.
    hidden: usize,
    end: usize,
}

/// One document: its `_id` and its JSON, or no JSON where it has to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'a> {
    /// The `_id`, unescaped.
    pub id: Cow<'a, str>,
    /// The routing, as a JSON string; empty where there is none.
    pub routing: &'a [u8],
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

    /// The same of a read that may take as much memory.
    pub(crate) fn repairing_within(version: Version, share: Share) -> Self {
        Self::of_kind(version, "external_gte", share)
    }

    /// Nothing, of a read at this version that may take as much memory. The share is held until all is accepted.
    pub fn within(version: Version, share: Share) -> Self {
        Self::of_kind(version, "external", share)
    }

    fn of_kind(version: Version, kind: &str, share: Share) -> Self {
        let (mut tail, mut copy_tail) = (Vec::with_capacity(64), Vec::new());
        // Writing to a vector cannot fail.
        let _ = writeln!(tail, r#","version":{},"version_type":"{kind}"}}}}"#, version.0);
        let below = version.0.saturating_sub(1);
        let _ = writeln!(copy_tail, r#","version":{below},"version_type":"external_gte"}}}}"#);
        Self { version, tail, copy_tail, buffer: Vec::new(), entries: Vec::new(), share, cost: 0 }
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
        self.index_at(id, b"", write)
    }

    /// The same of a document with a routing, a JSON text or number or boolean; empty for none.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn index_at<E>(
        &mut self,
        id: &[u8],
        routing: &[u8],
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.index_routed(id, routing, |out| {
            write(out)?;
            Ok(out.len())
        })
    }

    /// The same of a document whose last member is found and not shown. `write` says where that begins: at the end of what it
    /// has written where there is none.
    ///
    /// # Errors
    /// Those of `write`.
    pub(crate) fn index_routed<E>(
        &mut self,
        id: &[u8],
        routing: &[u8],
        write: impl FnOnce(&mut Vec<u8>) -> Result<usize, E>,
    ) -> Result<(), E> {
        let mut entry = self.action(INDEX, (id, routing), false);
        entry.body = self.buffer.len();
        match write(&mut self.buffer) {
            Ok(hidden) => entry.hidden = hidden,
            Err(error) => {
                self.buffer.truncate(entry.start);
                return Err(error);
            }
        }
        entry.end = self.buffer.len();
        self.buffer.push(b'\n');
        self.entries.push(entry);
        Ok(())
    }

    /// Adds one id to delete.
    pub fn delete(&mut self, id: &[u8]) {
        self.delete_at(id, b"");
    }

    /// The same of a document with a routing.
    pub fn delete_at(&mut self, id: &[u8], routing: &[u8]) {
        let entry = self.action(DELETE, (id, routing), false);
        self.entries.push(entry);
    }

    /// Adds a copy to delete that is not where its row says: under another routing, or without a row. An engine compares
    /// versions within a shard, and two routings may lead to the same one, where the copy *is* the document that is written
    /// now. So this is written just below the version: it never takes the place of what is written at it, before or after,
    /// and is at or above every version that the copy may have.
    pub fn delete_copy(&mut self, id: &[u8], routing: &[u8]) {
        let entry = self.action(DELETE, (id, routing), true);
        self.entries.push(entry);
    }

    /// Whether anything of it deletes.
    pub(crate) fn deletes(&self) -> bool {
        self.entries.iter().any(|entry| entry.body == entry.end)
    }

    /// The copies once more, at the version itself: to be deleted after everything here is accepted. A request of a process that
    /// is gone may still bring one at this version. Where the copy *is* the document that is written now, that stands at the
    /// version already and stays.
    pub(crate) fn copies(&self) -> Option<Self> {
        let is_copy = |entry: &&Entry| entry.body == entry.end && self.buffer[..entry.end].ends_with(&self.copy_tail);
        let mut copies = Self::new(self.version);
        for entry in self.entries.iter().filter(is_copy) {
            let copy = document(&self.buffer, *entry);
            copies.delete_at(copy.id.as_bytes(), copy.routing);
        }
        (!copies.is_empty()).then_some(copies)
    }

    fn action(&mut self, verb: &[u8], (name, routing): (&[u8], &[u8]), copy: bool) -> Entry {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(verb);
        render::text::string(name, &mut self.buffer);
        let id = self.buffer.len();
        if !routing.is_empty() {
            self.buffer.extend_from_slice(ROUTING);
            // As PGSync has it, a number or a boolean is its JSON.
            let quote: &[u8] = if routing.starts_with(b"\"") { b"" } else { b"\"" };
            for part in [quote, routing, quote] {
                self.buffer.extend_from_slice(part);
            }
        }
        self.buffer.extend_from_slice(if copy { &self.copy_tail } else { &self.tail });
        let end = self.buffer.len();
        Entry { start, id, body: end, hidden: end, end }
    }

    /// Nothing yet, to take what becomes of these: at the same version, in the same kind of action.
    pub(crate) fn another(&self) -> Self {
        let (tail, copy_tail) = (self.tail.clone(), self.copy_tail.clone());
        let (version, share) = (self.version, Share::unlimited());
        Self { version, tail, copy_tail, buffer: Vec::new(), entries: Vec::new(), share, cost: 0 }
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
        let mut hidden = self.buffer.len();
        // What it is found by does not depend on what it shows.
        if of.hidden < of.end && self.buffer.last() == Some(&b'}') {
            self.buffer.pop();
            hidden = self.buffer.len();
            let member = read.buffer[of.hidden..of.end].strip_prefix(b",").unwrap_or(&read.buffer[of.hidden..of.end]);
            if self.buffer.last() != Some(&b'{') {
                self.buffer.push(b',');
            }
            self.buffer.extend_from_slice(member);
        }
        self.entries.push(Entry { start, id, body, hidden, end: self.buffer.len() });
        self.buffer.push(b'\n');
        Ok(())
    }

    /// Adds a delete of the document that is written or deleted in `read` at a position.
    pub(crate) fn delete_as(&mut self, read: &Self, position: usize) {
        let of = read.entries[position];
        let verb = if of.body < of.end { INDEX } else { DELETE };
        let start = self.buffer.len();
        self.buffer.extend_from_slice(DELETE);
        // Its address, and the version that it has there.
        self.buffer.extend_from_slice(&read.buffer[of.start + verb.len()..of.body]);
        let id = start + DELETE.len() + (of.id - of.start - verb.len());
        let end = self.buffer.len();
        self.entries.push(Entry { start, id, body: end, hidden: end, end });
    }

    /// Adds all of another run, which is of the same read.
    pub(crate) fn append(&mut self, other: Self) {
        if self.is_empty() {
            (self.buffer, self.entries) = (other.buffer, other.entries);
            return;
        }
        let by = self.buffer.len();
        self.buffer.extend_from_slice(&other.buffer);
        let moved = |Entry { start, id, body, hidden, end }: Entry| Entry {
            start: start + by,
            id: id + by,
            body: body + by,
            hidden: hidden + by,
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

    /// The body of the document at a position as it is shown.
    pub(crate) fn shown(&self, position: usize) -> Option<Cow<'_, [u8]>> {
        let Entry { body, hidden, end, .. } = self.entries[position];
        let shown = &self.buffer[body..hidden];
        (body < end).then(|| if hidden < end { [shown, b"}"].concat().into() } else { shown.into() })
    }

    /// The action line of the document at a position, as it is sent.
    #[cfg(test)]
    pub(crate) fn action_line(&self, position: usize) -> &[u8] {
        let Entry { start, body, .. } = self.entries[position];
        &self.buffer[start..body]
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
        let end = routing(&self.buffer, entry).end;
        out.extend_from_slice(&self.buffer[entry.start + INDEX.len()..end]);
        out.extend_from_slice(&self.tail);
    }
}

/// Where the routing of a document stands, as a JSON string; nowhere behind the `_id` where there is none.
fn routing(buffer: &[u8], entry: Entry) -> Range<usize> {
    if !buffer[entry.id..].starts_with(ROUTING) {
        return entry.id..entry.id;
    }
    let start = entry.id + ROUTING.len();
    let mut end = start + 1;
    while buffer[end] != b'"' {
        end += if buffer[end] == b'\\' { 2 } else { 1 };
    }
    start..end + 1
}

fn document(buffer: &[u8], entry: Entry) -> Document<'_> {
    let write = entry.body < entry.end;
    let verb = if write { INDEX } else { DELETE };
    let quoted = &buffer[entry.start + verb.len()..entry.id];
    // An id is for messages and for looking a document up. Sent is the buffer, which is UTF-8: sessions see to that.
    let plain = String::from_utf8_lossy(&quoted[1..quoted.len() - 1]);
    let escaped = plain.contains('\\').then(|| serde_json::from_slice(quoted).ok()).flatten();
    let id = escaped.map_or(plain, Cow::Owned);
    let routing = &buffer[routing(buffer, entry)];
    Document { id, routing, body: write.then(|| &buffer[entry.body..entry.end]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_deleted_just_below_what_is_written() {
        let mut documents = Documents::new(Version(7));
        let body = |out: &mut Vec<u8>| {
            out.extend_from_slice(b"{}");
            Ok::<(), ()>(())
        };
        documents.index_at(b"1", br#""a\"b\\""#, body).unwrap();
        documents.index_at(b"2", b"5", body).unwrap();
        documents.delete_copy(b"1", b"true");
        documents.delete_copy(b"2", b"");
        let seen: Vec<_> = documents.iter().map(|d| (d.id.into_owned(), d.routing.to_vec())).collect();
        let expected = [("1", r#""a\"b\\""#), ("2", r#""5""#), ("1", r#""true""#), ("2", "")];
        assert_eq!(seen, expected.map(|(id, routing)| (id.to_owned(), routing.as_bytes().to_vec())));
        let copies = documents.copies().unwrap();
        let again: Vec<_> = (0..copies.len()).map(|copy| String::from_utf8_lossy(copies.action_line(copy))).collect();
        let expected = [
            r#"{"delete":{"_id":"1","routing":"true","version":7,"version_type":"external"}}"#,
            r#"{"delete":{"_id":"2","version":7,"version_type":"external"}}"#,
        ];
        assert_eq!(again.iter().map(|line| line.trim_end()).collect::<Vec<_>>(), expected);
        assert!(copies.copies().is_none());
        let lines = documents.seal();
        let text = String::from_utf8(lines.slice(0..lines.range(3).end).to_vec()).unwrap();
        let expected = [
            r#"{"index":{"_id":"1","routing":"a\"b\\","version":7,"version_type":"external"}}"#,
            "{}",
            r#"{"index":{"_id":"2","routing":"5","version":7,"version_type":"external"}}"#,
            "{}",
            r#"{"delete":{"_id":"1","routing":"true","version":6,"version_type":"external_gte"}}"#,
            r#"{"delete":{"_id":"2","version":6,"version_type":"external_gte"}}"#,
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
        let mut other = Vec::new();
        lines.append_delete(0, &mut other);
        let expected =
            "{\"delete\":{\"_id\":\"1\",\"routing\":\"a\\\"b\\\\\",\"version\":7,\"version_type\":\"external\"}}\n";
        assert_eq!(String::from_utf8(other).unwrap(), expected, "what a pipeline drops goes at the version itself");
    }

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
