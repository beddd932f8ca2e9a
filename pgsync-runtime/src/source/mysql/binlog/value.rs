//! Values as text. In: a column and the bytes of a value. Out: the text by which the server takes it back in a statement.
//!
//! | type | text |
//! |---|---|
//! | integers, `BIT`, `YEAR` | digits with a sign, `BIT` as the number its bits make, `YEAR` of four digits |
//! | `DECIMAL` | all digits of the scale |
//! | `FLOAT`, `DOUBLE` | the fewest digits that give the same number |
//! | `DATE`, `TIME`, `DATETIME`, `TIMESTAMP` | as the server prints them, with the digits of the fraction; `TIMESTAMP` in UTC |
//! | `ENUM`, `SET` | the labels, with commas between those of a set |
//! | `CHAR`, `VARCHAR`, `TEXT` | UTF-8 |
//! | `BINARY`, `VARBINARY`, `BLOB`, geometries, `VECTOR` | hexadecimal digits of what is stored |
//!
//! JSON of MySQL and columns that MariaDB compresses have none, and are refused before a row is read.

use super::bytes::Reader;
use super::charset::Charset;
use super::column::{Type, decimal_bytes};
use super::refusal::{Refusal, Result};
use super::table::{Column, Table};
use super::temporal;
use std::io::Write;

const WHAT: &str = "a value of a row";

/// Whether values of this column can be read at all.
pub(super) fn check(table: &Table, column: &Column) -> Result<()> {
    let named = || (format!("{}.{}", table.database, table.name), column.name.clone());
    let refused = |kind| {
        let (table, column) = named();
        Err(Refusal::Column { table, column, kind })
    };
    match column.kind {
        Type::Json { .. } => refused("the type JSON"),
        Type::PackedVarchar { .. } | Type::PackedBlob { .. } => refused("the attribute COMPRESSED"),
        _ if (column.kind.is_text() || is_labelled(column.kind)) && column.charset().is_none() => {
            let (table, column_name) = named();
            Err(Refusal::Collation { table, column: column_name, collation: column.collation.unwrap_or(0) })
        }
        _ => Ok(()),
    }
}

/// Appends the text of a value.
pub(super) fn write(table: &Table, column: &Column, bytes: &[u8], text: &mut Vec<u8>) -> Result<()> {
    let mut reader = Reader::new(bytes, WHAT);
    match column.kind {
        Type::Integer(length) => {
            let number = reader.little(length)?;
            if column.unsigned {
                put(text, number);
            } else {
                let unused = 64 - 8 * length as u32;
                put(text, (number << unused).cast_signed() >> unused);
            }
        }
        Type::Bit { bits } => put(text, reader.big(bits.div_ceil(8))?),
        Type::Year => match reader.u8()? {
            0 => text.extend_from_slice(b"0000"),
            year => put(text, 1900 + u32::from(year)),
        },
        Type::Float => float(f32::from_bits(reader.u32()?), text)?,
        Type::Double => float(f64::from_bits(reader.u64()?), text)?,
        Type::Decimal { digits, scale } => decimal(bytes, digits, scale, text)?,
        Type::Date => temporal::date(&mut reader, text)?,
        Type::Time(digits) => temporal::time(&mut reader, digits, text)?,
        Type::Datetime(digits) => temporal::datetime(&mut reader, digits, text)?,
        Type::Timestamp(digits) => temporal::timestamp(&mut reader, digits, text)?,
        Type::Enum { bytes: length } => {
            let number = reader.little(length)?;
            // The error value of an ENUM is an empty text.
            if number > 0 {
                label(table, column, number - 1, text)?;
            }
        }
        Type::Set { bytes: length } => {
            let set = reader.little(length)?;
            let mut between = false;
            for at in (0..64).filter(|at| set >> at & 1 == 1) {
                if std::mem::replace(&mut between, true) {
                    text.push(b',');
                }
                label(table, column, at, text)?;
            }
        }
        Type::Char { length } if column.charset() == Some(Charset::Binary) => {
            hexadecimal(bytes, text);
            // Zeros at the end are not logged.
            text.resize(text.len() + 2 * length.saturating_sub(bytes.len()), b'0');
        }
        Type::Char { .. } | Type::Varchar { .. } | Type::Blob { .. } => match column.charset() {
            Some(Charset::Binary) => hexadecimal(bytes, text),
            _ => characters(table, column, bytes, text)?,
        },
        Type::Geometry { .. } | Type::Vector { .. } => hexadecimal(bytes, text),
        Type::OldTime | Type::Json { .. } | Type::PackedVarchar { .. } | Type::PackedBlob { .. } => {
            return Err(Refusal::Content(WHAT));
        }
    }
    Ok(())
}

const fn is_labelled(kind: Type) -> bool {
    matches!(kind, Type::Enum { .. } | Type::Set { .. })
}

fn put(text: &mut Vec<u8>, number: impl std::fmt::Display) {
    // Writing to memory does not fail.
    let _ = write!(text, "{number}");
}

fn float(number: impl ryu::Float + Into<f64>, text: &mut Vec<u8>) -> Result<()> {
    // No server stores others.
    if !number.into().is_finite() {
        return Err(Refusal::Content(WHAT));
    }
    text.extend_from_slice(ryu::Buffer::new().format_finite(number).as_bytes());
    Ok(())
}

/// Groups of nine digits, the sign in the first bit, a negative number inverted.
fn decimal(bytes: &[u8], digits: usize, scale: usize, text: &mut Vec<u8>) -> Result<()> {
    let first = *bytes.first().ok_or(Refusal::Length(WHAT))?;
    let negative = first & 0x80 == 0;
    let mut plain = bytes.to_vec();
    plain[0] ^= 0x80;
    if negative {
        plain.iter_mut().for_each(|byte| *byte = !*byte);
    }
    let mut reader = Reader::new(&plain, WHAT);
    let mut all = String::with_capacity(digits + 2);
    let whole = digits - scale;
    let mut group = |digits: usize| -> Result<()> {
        let number = reader.big(decimal_bytes(digits))?;
        if digits > 0 && number >= 10_u64.pow(digits as u32) {
            return Err(reader.wrong());
        }
        if digits > 0 {
            use std::fmt::Write as _;
            let _ = write!(all, "{number:0digits$}");
        }
        Ok(())
    };
    group(whole % 9)?;
    (0..whole / 9).try_for_each(|_| group(9))?;
    (0..scale / 9).try_for_each(|_| group(9))?;
    group(scale % 9)?;

    let (before, after) = all.split_at_checked(whole).ok_or(Refusal::Length(WHAT))?;
    let before = before.trim_start_matches('0');
    if negative && all.bytes().any(|digit| digit != b'0') {
        text.push(b'-');
    }
    text.extend_from_slice(if before.is_empty() { b"0" } else { before.as_bytes() });
    if scale > 0 {
        text.push(b'.');
        text.extend_from_slice(after.as_bytes());
    }
    Ok(())
}

fn label(table: &Table, column: &Column, at: u64, text: &mut Vec<u8>) -> Result<()> {
    let label = usize::try_from(at).ok().and_then(|at| column.labels.get(at)).ok_or(Refusal::Content(WHAT))?;
    if column.charset() == Some(Charset::Binary) {
        text.extend_from_slice(label);
        return Ok(());
    }
    characters(table, column, label, text)
}

fn characters(table: &Table, column: &Column, bytes: &[u8], text: &mut Vec<u8>) -> Result<()> {
    let decoded = column.charset().and_then(|charset| charset.decode(bytes)).ok_or_else(|| Refusal::Text {
        table: format!("{}.{}", table.database, table.name),
        column: column.name.clone(),
    })?;
    text.extend_from_slice(decoded.as_bytes());
    Ok(())
}

fn hexadecimal(bytes: &[u8], text: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.extend(bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| DIGITS[usize::from(digit)]));
}
