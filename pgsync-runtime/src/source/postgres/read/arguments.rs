//! How keys reach a statement of PostgreSQL: as one array per column. In: [`Arguments`], and the types a prepared statement
//! takes. Out: what the driver sends, untouched.

use crate::fetch::{Bound, KeySet, LinkKeys};
use crate::source::Arguments;
use crate::{Error, ErrorKind, Result};
use bytes::BytesMut;
use std::ops::Range;
use tokio_postgres::Statement;
use tokio_postgres::types::{Format, IsNull, Kind, ToSql, Type};

/// One parameter; the server casts or reads it, nothing is converted here.
#[derive(Debug, Clone)]
pub(super) enum Param {
    /// In text form.
    Text(Vec<u8>),
    /// In binary form.
    Binary(Vec<u8>),
}

/// The parameters of a statement.
///
/// # Errors
/// [`ErrorKind::Fatal`] where link values are asked for of a statement that takes no arrays.
pub(super) fn params(statement: &Statement, arguments: Arguments<'_>, reading: &str) -> Result<Vec<Param>> {
    Ok(match arguments {
        Arguments::None => Vec::new(),
        Arguments::Keys(keys, range) => literals(keys, range).into_iter().map(Param::Text).collect(),
        Arguments::LinkKeys(links, numbers) => arrays(links, numbers, &elements(statement, reading)?),
        Arguments::Range { bounds, number } => {
            let values = bounds.into_iter().flatten().flat_map(Bound::values);
            let number = number.map(|number| Param::Binary(number.to_be_bytes().to_vec()));
            values.map(|value| Param::Binary(value.to_vec())).chain(number).collect()
        }
    })
}

/// The element types of the arrays that a statement takes.
fn elements(statement: &Statement, reading: &str) -> Result<Vec<u32>> {
    let element = |ty: &Type| match ty.kind() {
        Kind::Array(element) => Ok(element.oid()),
        _ => Err(Error::new(
            ErrorKind::Fatal,
            format!("a parameter of the statement that reads table {reading} is not of the form its type has"),
        )
        .help("compile the schema again with the same version of pgsync that runs it")),
    };
    statement.params().iter().map(element).collect()
}

/// One array literal per column, `{"a","b"}`, of the tuples in a range.
fn literals(keys: &KeySet, range: Range<usize>) -> Vec<Vec<u8>> {
    let mut literals = vec![vec![b'{']; keys.arity()];
    for (row, tuple) in keys.range(range).enumerate() {
        for (literal, value) in literals.iter_mut().zip(tuple) {
            if row > 0 {
                literal.push(b',');
            }
            literal.push(b'"');
            for &byte in value {
                if matches!(byte, b'"' | b'\\') {
                    literal.push(b'\\');
                }
                literal.push(byte);
            }
            literal.push(b'"');
        }
    }
    for literal in &mut literals {
        literal.push(b'}');
    }
    literals
}

/// One binary array per column, of these tuples.
fn arrays(links: &LinkKeys, numbers: &[usize], elements: &[u32]) -> Vec<Param> {
    let mut arrays: Vec<ArrayWriter> = elements.iter().map(|element| ArrayWriter::new(*element)).collect();
    for number in numbers {
        for (array, value) in arrays.iter_mut().zip(links.values(*number)) {
            array.push(value);
        }
    }
    arrays.into_iter().map(ArrayWriter::finish).collect()
}

impl ToSql for Param {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        out.extend_from_slice(match self {
            Self::Text(bytes) | Self::Binary(bytes) => bytes,
        });
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        match self {
            Self::Text(_) => Format::Text,
            Self::Binary(_) => Format::Binary,
        }
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A one-dimensional array in binary form, from the binary form of its elements.
#[derive(Debug)]
struct ArrayWriter {
    bytes: Vec<u8>,
    count: i32,
}

impl ArrayWriter {
    /// An empty array of this element type.
    fn new(element: u32) -> Self {
        let mut bytes = Vec::new();
        for word in [1_u32, 0, element, 0, 1] {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
        Self { bytes, count: 0 }
    }

    fn push(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(&(value.len() as u32).to_be_bytes());
        self.bytes.extend_from_slice(value);
        self.count += 1;
    }

    fn finish(mut self) -> Param {
        self.bytes[12..16].copy_from_slice(&self.count.to_be_bytes());
        Param::Binary(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_quoted_for_the_server() {
        let mut set = KeySet::new(2);
        set.insert([b"a".as_slice(), br#"say "\hi""#]);
        set.insert([b"".as_slice(), b"NULL"]);
        assert_eq!(literals(&set, 0..2), [br#"{"a",""}"#.as_slice(), br#"{"say \"\\hi\"","NULL"}"#]);
        assert_eq!(literals(&set, 1..2), [br#"{""}"#.as_slice(), br#"{"NULL"}"#]);
    }
}
