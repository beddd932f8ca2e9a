//! Reads a line of `test_decoding`, the output plugin that comes with every PostgreSQL. In: the payload of a frame. Out: a borrowed
//! [`Line`].
//!
//! The plugin writes for people, but its lines can be taken apart without a doubt: names are quoted as in SQL, and every value
//! that may hold a blank is a quoted text (`contrib/test_decoding/test_decoding.c`). What is not understood is an error and never
//! passed over; no input is a panic.

use crate::{Error, ErrorKind, Result};
use std::borrow::Cow;

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// A transaction begins.
    Begin {
        /// The top-level transaction id, 32 bits.
        xid: u32,
    },
    /// It has ended.
    Commit {
        /// Commit time, microseconds since 2000-01-01 UTC; none where it was not asked for.
        committed_at: Option<i64>,
    },
    /// A changed row.
    Change(Change<'a>),
    /// Emptied tables (PostgreSQL 11 and later), each as SQL names it.
    Truncate(Vec<&'a str>),
    /// `pg_logical_emit_message`.
    Message,
}

/// A changed row of a table.
#[derive(Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// Schema and name as SQL writes them, quoted where they have to be.
    pub table: &'a str,
    /// What was done.
    pub kind: Kind,
    /// What is known of the row before. Columns that were NULL are left out.
    pub old: Option<Columns<'a>>,
    /// The row.
    pub new: Option<Columns<'a>>,
}

/// What was done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of SQL")]
pub enum Kind {
    Insert,
    Update,
    Delete,
}

/// Columns of a row, in the order of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Columns<'a>(&'a str);

/// Not the values: they belong in no log.
impl std::fmt::Debug for Columns<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Columns({} bytes)", self.0.len())
    }
}

/// A column of a row.
#[derive(PartialEq, Eq)]
pub struct Column<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its value.
    pub value: Value<'a>,
}

/// A value, in the type's text form.
#[derive(PartialEq, Eq)]
pub enum Value<'a> {
    /// NULL.
    Null,
    /// Stored out of line, not changed and not sent.
    Unchanged,
    /// The text form.
    Text(Cow<'a, str>),
}

/// Takes a line apart.
///
/// # Errors
/// What is not a line of the plugin, by its kind and length.
pub fn read(payload: &[u8]) -> Result<Line<'_>> {
    let line = std::str::from_utf8(payload).ok().and_then(|text| Input(text).line());
    line.ok_or_else(|| {
        let kind: String =
            payload.iter().take_while(|byte| byte.is_ascii_alphabetic()).map(|byte| *byte as char).collect();
        Error::new(
            ErrorKind::Fatal,
            format!("a `{kind}` line of {} bytes in the output of test_decoding is not understood", payload.len()),
        )
    })
}

impl<'a> Columns<'a> {
    /// One after the other. They were checked when the line was read.
    pub fn iter(self) -> impl Iterator<Item = Column<'a>> {
        let mut input = Input(self.0);
        std::iter::from_fn(move || input.column())
    }
}

/// What is left of a line. Every method is `None` where it holds something else, and then it may stand anywhere.
#[derive(Clone, Copy)]
struct Input<'a>(&'a str);

impl<'a> Input<'a> {
    fn line(mut self) -> Option<Line<'a>> {
        if self.past("BEGIN ").is_some() {
            return Some(Line::Begin { xid: self.0.parse().ok()? });
        }
        if self.past("COMMIT ").is_some() {
            let (xid, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
            xid.parse::<u32>().ok()?;
            let moment = rest.strip_prefix("(at ").map(|rest| rest.strip_suffix(")").and_then(moment));
            return match moment {
                None if !rest.is_empty() => None,
                Some(None) => None,
                moment => Some(Line::Commit { committed_at: moment.flatten() }),
            };
        }
        if self.past("message: ").is_some() {
            return Some(Line::Message);
        }
        self.past("table ")?;
        let mut tables = vec![self.table()?];
        while self.past(", ").is_some() {
            tables.push(self.table()?);
        }
        self.past(": ")?;
        match tables.as_slice() {
            _ if self.past("TRUNCATE: ").is_some() => Some(Line::Truncate(tables)),
            [table] => self.change(table).map(Line::Change),
            _ => None,
        }
    }

    fn change(&mut self, table: &'a str) -> Option<Change<'a>> {
        const NOTHING: &str = " (no-tuple-data)";
        if self.past("INSERT:").is_some() {
            // A table without columns has rows nevertheless.
            let new = if self.0 == NOTHING { Columns("") } else { self.columns("")? };
            return Some(Change { table, kind: Kind::Insert, old: None, new: Some(new) });
        }
        if self.past("DELETE:").is_some() {
            let old = if self.0 == NOTHING { None } else { Some(self.columns("")?) };
            return Some(Change { table, kind: Kind::Delete, old, new: None });
        }
        self.past("UPDATE:")?;
        let old = match self.past(" old-key:") {
            Some(()) => {
                let old = self.columns(" new-tuple:")?;
                self.past(" new-tuple:")?;
                Some(old)
            }
            None => None,
        };
        let new = if self.0 == NOTHING { Columns("") } else { self.columns("")? };
        Some(Change { table, kind: Kind::Update, old, new: Some(new) })
    }

    /// Columns up to a word, or to the end.
    fn columns(&mut self, until: &str) -> Option<Columns<'a>> {
        let start = self.0;
        while !self.0.is_empty() && (until.is_empty() || !self.0.starts_with(until)) {
            self.column()?;
        }
        Some(Columns(&start[..start.len() - self.0.len()]))
    }

    /// ` name[type]:value`.
    fn column(&mut self) -> Option<Column<'a>> {
        self.past(" ")?;
        let name = unquoted(self.identifier()?);
        self.past("[")?;
        self.ty()?;
        let value = match () {
            () if self.word("null") => Value::Null,
            () if self.word("unchanged-toast-datum") => Value::Unchanged,
            () => Value::Text(self.value()?),
        };
        Some(Column { name, value })
    }

    /// A type's name up to and with its end `]:`. The brackets of an array's are never followed by a colon.
    fn ty(&mut self) -> Option<()> {
        let mut quoted = false;
        let bytes = self.0.as_bytes();
        let end = (0..bytes.len()).find(|at| {
            quoted ^= bytes[*at] == b'"';
            !quoted && bytes[*at..].starts_with(b"]:")
        })?;
        self.0 = self.0.get(end + 2..)?;
        Some(())
    }

    /// A literal: numbers and truths bare, bits as `B'1'`, all else a text in quotes.
    fn value(&mut self) -> Option<Cow<'a, str>> {
        if self.past("B'").or_else(|| self.past("'")).is_some() {
            let text = self.until_quote('\'')?;
            self.past("'")?;
            return Some(if text.contains('\'') { Cow::Owned(text.replace("''", "'")) } else { Cow::Borrowed(text) });
        }
        let text = self.take(self.0.find(' ').unwrap_or(self.0.len()))?;
        match text {
            // As the stream's own protocol has truths.
            "true" => Some(Cow::Borrowed("t")),
            "false" => Some(Cow::Borrowed("f")),
            text => (!text.is_empty() && !text.contains('\'')).then_some(Cow::Borrowed(text)),
        }
    }

    /// `schema.name`.
    fn table(&mut self) -> Option<&'a str> {
        let start = self.0;
        self.identifier()?;
        self.past(".")?;
        self.identifier()?;
        Some(&start[..start.len() - self.0.len()])
    }

    /// A name as SQL writes it.
    fn identifier(&mut self) -> Option<&'a str> {
        let start = self.0;
        if self.past("\"").is_some() {
            self.until_quote('"')?;
            self.past("\"")?;
            return Some(&start[..start.len() - self.0.len()]);
        }
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let end = start.bytes().position(|byte| !plain(byte)).unwrap_or(start.len());
        if end == 0 { None } else { self.take(end) }
    }

    /// The text up to a quote that is not doubled.
    fn until_quote(&mut self, quote: char) -> Option<&'a str> {
        let bytes = self.0.as_bytes();
        let mut at = 0;
        loop {
            at += bytes.get(at..)?.iter().position(|byte| *byte == quote as u8)?;
            if bytes.get(at + 1) != Some(&(quote as u8)) {
                return self.take(at);
            }
            at += 2;
        }
    }

    /// A word that ends with the column.
    fn word(&mut self, word: &str) -> bool {
        match self.0.strip_prefix(word) {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn past(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }
}

/// A name without the quotes that SQL needs.
fn unquoted(name: &str) -> Cow<'_, str> {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(name) if name.contains('"') => Cow::Owned(name.replace("\"\"", "\"")),
        Some(name) => Cow::Borrowed(name),
        None => Cow::Borrowed(name),
    }
}

/// A moment as a session in UTC writes it, `2026-11-28 15:04:05.678901+00`, in microseconds since 2000-01-01.
fn moment(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix("+00")?.split_once(' ')?;
    let mut date = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut time = time.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let micros: i64 = if fraction.is_empty() { 0 } else { format!("{fraction:0<6}").get(..6)?.parse().ok()? };
    if !(1..=12).contains(&month) || !(1970..=9999).contains(&year) {
        return None;
    }
    // Days since 2000-03-01, with the leap day at the end of a year that begins in March.
    let (year, month) = if month > 2 { (year - 2000, month - 3) } else { (year - 2001, month + 9) };
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1;
    let seconds = ((days + 60) * 24 + hour) * 3600 + minute * 60 + second;
    Some(seconds * 1_000_000 + micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(columns: Option<Columns<'_>>) -> String {
        let show = |column: Column<'_>| match column.value {
            Value::Null => format!("{} is null", column.name),
            Value::Unchanged => format!("{} is as before", column.name),
            Value::Text(text) => format!("{}={text}", column.name),
        };
        columns.map_or("nothing".to_owned(), |columns| columns.iter().map(show).collect::<Vec<_>>().join("|"))
    }

    fn change(line: &str) -> (String, Kind, String, String) {
        match read(line.as_bytes()) {
            Ok(Line::Change(change)) => (change.table.to_owned(), change.kind, shown(change.old), shown(change.new)),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn rows_are_taken_apart() {
        for (line, table, kind, old, new) in [
            (
                "table public.t: INSERT: id[integer]:1 name[text]:'it''s a [text]:x, null' tags[text[]]:'{a,\"b c\"}' \
                 ok[boolean]:true bits[bit varying]:B'101' n[numeric]:NaN nothing[date]:null",
                "public.t",
                Kind::Insert,
                "nothing",
                "id=1|name=it's a [text]:x, null|tags={a,\"b c\"}|ok=t|bits=101|n=NaN|nothing is null",
            ),
            (
                "table public.\"we \"\"ird\"\". x\": UPDATE: old-key: \"a b\"[\"my ]: type\"]:'1' new-tuple: \"a b\"[\"my ]: type\"]:'2' \
                 long[text]:unchanged-toast-datum",
                "public.\"we \"\"ird\"\". x\"",
                Kind::Update,
                "a b=1",
                "a b=2|long is as before",
            ),
            (
                "table s.t: UPDATE: v[text]:' old-key: x[a]:1 new-tuple:'",
                "s.t",
                Kind::Update,
                "nothing",
                "v= old-key: x[a]:1 new-tuple:",
            ),
            (
                "table s.t: UPDATE: old-key: v[text]:' new-tuple: ''x' new-tuple: v[text]:null",
                "s.t",
                Kind::Update,
                "v= new-tuple: 'x",
                "v is null",
            ),
            ("table s.t: DELETE: id[bigint]:-7", "s.t", Kind::Delete, "id=-7", "nothing"),
            ("table s.t: DELETE: (no-tuple-data)", "s.t", Kind::Delete, "nothing", "nothing"),
            ("table s.t: INSERT: (no-tuple-data)", "s.t", Kind::Insert, "nothing", ""),
            ("table s.t: INSERT: v[text]:'null' w[text]:'a\nb\\c'", "s.t", Kind::Insert, "nothing", "v=null|w=a\nb\\c"),
        ] {
            assert_eq!(change(line), (table.to_owned(), kind, old.to_owned(), new.to_owned()), "{line}");
        }
    }

    #[test]
    fn the_other_lines_are_told_apart() {
        assert_eq!(read(b"BEGIN 529").unwrap(), Line::Begin { xid: 529 });
        assert_eq!(read(b"COMMIT 529").unwrap(), Line::Commit { committed_at: None });
        for (text, micros) in [
            ("2000-01-01 00:00:00+00", 0),
            ("2000-02-29 00:00:00.5+00", 59 * 86_400_000_000 + 500_000),
            ("2026-11-28 15:04:05.678901+00", 849_193_445_678_901),
            ("1999-12-31 23:59:59.999999+00", -1),
        ] {
            let line = format!("COMMIT 529 (at {text})");
            assert_eq!(read(line.as_bytes()).unwrap(), Line::Commit { committed_at: Some(micros) }, "{text}");
        }
        assert_eq!(
            read(b"table a.b, c.\"D, e\": TRUNCATE: (no-flags)").unwrap(),
            Line::Truncate(vec!["a.b", "c.\"D, e\""])
        );
        assert_eq!(read(b"message: transactional: 1 prefix: p, sz: 1 content:x").unwrap(), Line::Message);
    }

    #[test]
    fn what_is_no_line_is_refused_by_its_kind_and_shows_no_value() {
        for line in [
            "",
            "BEGIN",
            "BEGIN x",
            "COMMIT 1 (at soon)",
            "COMMIT 1 now",
            "table t: INSERT: id[integer]:1",
            "table s.t: MERGE: id[integer]:1",
            "table s.t: INSERT: id[integer]:'secret",
            "table s.t: INSERT: id[integer]:secret's",
            "table s.t: INSERT: id[integer",
            "table s.t: INSERT: id[integer]:",
            "table s.t: UPDATE: old-key: id[integer]:1",
            "table s.t, s.u: INSERT: id[integer]:1",
            "streaming",
        ] {
            let error = read(line.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("is not understood") && !error.contains("secret"), "{line}: {error}");
        }
        assert!(read(b"table s.t: INSERT: v[text]:'\xff'").is_err());
    }
}
