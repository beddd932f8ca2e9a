//! A statement as it is prepared. In: the compiler's text, in which parameters are numbered, `?1`, `?2`, and a comment at its
//! beginning says what values of a key arrive in. Out: the text for the server, which knows `?` only, and which parameter each
//! of them stands for.

use super::delivery::{self, Delivery};
use crate::source::PreparedStatement;
use crate::{Error, ErrorKind, Result};
use mysql_async::Column;
use pgsync_plan::Codec;
use std::sync::{Arc, OnceLock};

/// A prepared statement.
#[derive(Debug, Clone)]
pub struct Statement(pub(super) Arc<Prepared>);

#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) driver: mysql_async::Statement,
    pub(super) text: Text,
    /// Per column of its rows, as the server says.
    pub(super) delivered: Vec<Delivery>,
    /// Where the reader expects a whole number of fewer digits than the server says, of a value that is of no table.
    narrowed: Vec<OnceLock<Delivery>>,
}

/// What a statement's text says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// For the server.
    pub(super) sql: String,
    /// Per `?` of it, which parameter that is, from 0.
    pub(super) parameters: Vec<usize>,
    /// Per value of one key, or of the bounds of a range: in which codec it was read.
    pub(super) takes: Vec<Codec>,
    /// Whether keys come as bytes that say where each value stands, and not as a JSON text.
    pub(super) packed: bool,
}

/// How the comment begins.
const TAKES: &str = "/* takes ";
/// What follows where keys come as bytes.
const PACKED: &str = "packed ";

/// Whether a statement runs on servers that make no table of a JSON text.
pub(crate) fn is_packed(text: &str) -> bool {
    text.strip_prefix(TAKES).is_some_and(|rest| rest.starts_with(PACKED))
}

impl Text {
    /// Reads the compiler's text.
    ///
    /// # Errors
    /// [`ErrorKind::Fatal`] where no compiler of this version has written it.
    pub(super) fn read(text: &str) -> Result<Self> {
        let (takes, rest) = match text.strip_prefix(TAKES).and_then(|rest| rest.split_once("*/")) {
            Some((takes, rest)) => (codecs(takes).ok_or_else(foreign)?, rest),
            None => (Vec::new(), text),
        };
        let packed = is_packed(text);
        let (mut sql, mut parameters) = (String::with_capacity(rest.len()), Vec::new());
        let mut rest = rest.trim_start();
        while let Some(at) = rest.find(['?', '\'', '"', '`', '/']) {
            let (before, found) = rest.split_at(at);
            sql.push_str(before);
            let length = match found.as_bytes().first() {
                Some(b'?') => {
                    let digits = found.bytes().skip(1).take_while(u8::is_ascii_digit).count();
                    let number: usize = found[1..=digits].parse().map_err(|_| foreign())?;
                    parameters.push(number.checked_sub(1).ok_or_else(foreign)?);
                    sql.push('?');
                    rest = &found[1 + digits..];
                    continue;
                }
                Some(b'/') if found.starts_with("/*") => found.find("*/").ok_or_else(foreign)? + 2,
                Some(b'/') => 1,
                _ => quoted(found).ok_or_else(foreign)?,
            };
            sql.push_str(&found[..length]);
            rest = &found[length..];
        }
        sql.push_str(rest);
        Ok(Self { sql, parameters, takes, packed })
    }
}

/// How long the quoted text is that this begins with. A doubled quote ends it and begins the next.
fn quoted(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            byte if byte == quote => return Some(at + 1),
            // Not between backticks.
            b'\\' if quote != b'`' => at += 2,
            _ => at += 1,
        }
    }
}

fn codecs(names: &str) -> Option<Vec<Codec>> {
    let codec = |name: &str| {
        Some(match name.trim() {
            "int2" => Codec::Int2,
            "int4" => Codec::Int4,
            "int8" => Codec::Int8,
            "uint8" => Codec::UInt8,
            "text" => Codec::Text,
            _ => return None,
        })
    };
    names.trim_start_matches(PACKED).split(',').map(codec).collect()
}

fn foreign() -> Error {
    Error::new(ErrorKind::Fatal, "a statement of the program names its parameters in a way that is not known")
        .help("compile the schema again with the same version of pgsync that runs it")
}

impl Prepared {
    /// What the driver has prepared.
    pub(super) fn new(driver: mysql_async::Statement, text: Text, reading: &str) -> Result<Self> {
        let delivered = deliveries(&driver.columns(), reading)?;
        let narrowed = delivered.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { driver, text, delivered, narrowed })
    }

    /// In which codec each column is handed on.
    pub(super) fn expected(&self) -> Vec<Delivery> {
        let narrowed = self.narrowed.iter().map(OnceLock::get);
        self.delivered.iter().zip(narrowed).map(|(delivered, narrowed)| *narrowed.unwrap_or(delivered)).collect()
    }

    /// Whether it is a value that was asked for, cut out of bytes as a number of the most digits, and is handed on as what is
    /// expected.
    fn narrows(&self, column: usize, expected: Codec) -> bool {
        let columns = self.driver.columns();
        let is_asked = self.text.packed && columns.get(column).is_some_and(|column| is_key(column.name_ref()));
        let narrowed =
            self.delivered.get(column).filter(|_| is_asked).and_then(|delivered| delivered.narrowed(expected));
        let slot = self.narrowed.get(column);
        narrowed.zip(slot).is_some_and(|(narrowed, slot)| *slot.get_or_init(|| narrowed) == narrowed)
    }
}

/// `key1`: so the compiler calls the values that are asked for. One that may be NULL is an expression over them, and the server
/// calls it by its words.
fn is_key(name: &[u8]) -> bool {
    let is_plain =
        name.strip_prefix(b"key").is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit));
    is_plain || name.starts_with(b"IF(asked.key")
}

/// In which codec each column arrives.
pub(super) fn deliveries(columns: &[Column], reading: &str) -> Result<Vec<Delivery>> {
    let of = |column: &Column| {
        Delivery::of(column).ok_or_else(|| {
            let what =
                format!("column {} of table {reading} is of the type {}", column.name_str(), delivery::name(column));
            Error::new(ErrorKind::Refused, format!("{what}, which is not known"))
                .help("leave the column out, or update this program")
        })
    };
    columns.iter().map(of).collect()
}

impl PreparedStatement for Statement {
    fn width(&self) -> usize {
        self.0.delivered.len()
    }

    fn arity(&self) -> usize {
        self.0.text.takes.len()
    }

    fn mismatch(&self, column: usize, expected: Codec) -> Option<(String, String)> {
        let delivered = self.0.delivered.get(column)?;
        if delivered.is(expected) || self.0.narrows(column, expected) {
            return None;
        }
        let columns = self.0.driver.columns();
        columns.get(column).map(|column| (column.name_str().into_owned(), delivery::name(column)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_parameters_become_those_of_the_server() {
        let text = "/* takes int4, text */ SELECT '?1 \\' ?2', \"?\", `a?1``?`, 1/2 /* ?9 */ WHERE a > ?2 AND b = ?1 OR c = ?12";
        let read = Text::read(text).unwrap();
        assert_eq!(read.sql, "SELECT '?1 \\' ?2', \"?\", `a?1``?`, 1/2 /* ?9 */ WHERE a > ? AND b = ? OR c = ?");
        assert_eq!(read.parameters, [1, 0, 11]);
        assert_eq!(read.takes, [Codec::Int4, Codec::Text]);
        assert!(!read.packed);
        let packed = Text::read("/* takes packed int8 */ SELECT ?2, ?1, ?2").unwrap();
        assert_eq!(
            (packed.packed, &packed.takes[..], &packed.parameters[..]),
            (true, &[Codec::Int8][..], &[1, 0, 1][..])
        );
        assert_eq!(Text::read("SELECT 1").unwrap().parameters, [] as [usize; 0]);
    }

    #[test]
    fn what_no_compiler_wrote_is_refused() {
        for text in ["SELECT ?", "SELECT ?0", "/* takes money */ SELECT 1", "SELECT 'a", "SELECT /* ?1"] {
            assert_eq!(Text::read(text).unwrap_err().kind(), ErrorKind::Fatal, "{text}");
        }
    }
}
