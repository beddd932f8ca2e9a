//! Values of a column's type. In: the column, random numbers, values that the type has had. Out: the text of a value, one
//! that the server takes more often than not.

use super::facts::Column;
use crate::support::seed::Seed;
use pgsync_plan::ValueKind;

/// Texts that are hard to carry.
const TEXTS: [&str; 8] =
    ["", "it's", "a \"b\" \\ c", "two\nlines\ttab", "größe ☃ 𝄞", "  blanks  ", "a|b", "{not json, [1"];

/// A value that has been there, or a new one.
pub(super) fn any(column: &Column, known: &[String], seed: &mut Seed, serial: u64) -> Option<String> {
    let old = if known.is_empty() { None } else { Some(known[seed.below(known.len() as u64) as usize].clone()) };
    if column.settled || (old.as_ref().is_some_and(|old| !column.id || !old.is_empty()) && seed.below(100) < 45) {
        return old;
    }
    fresh(column, seed, serial).or_else(|| old.map(|old| varied(&old, column.kind, seed)))
}

/// A new value, or one like those that have been there.
pub(super) fn new(column: &Column, known: &[String], seed: &mut Seed, serial: u64) -> Option<String> {
    let fresh = if column.settled { None } else { fresh(column, seed, serial) };
    fresh.or_else(|| any(column, known, seed, serial))
}

/// A new value of a type that is known well enough.
fn fresh(column: &Column, seed: &mut Seed, serial: u64) -> Option<String> {
    if !column.array {
        return single(column, seed, serial);
    }
    let count = seed.below(4);
    let mut elements = Vec::new();
    for _ in 0..count {
        let element = single(column, seed, serial)?;
        let null = seed.below(6) == 0;
        let escaped = element.replace('\\', "\\\\").replace('"', "\\\"");
        elements.push(if null { "NULL".to_owned() } else { format!("\"{escaped}\"") });
    }
    Some(format!("{{{}}}", elements.join(",")))
}

fn single(column: &Column, seed: &mut Seed, serial: u64) -> Option<String> {
    let n = seed.below(30);
    let date = format!("{}-{:02}-{:02}", 1990 + seed.below(40), 1 + seed.below(12), 1 + seed.below(28));
    let time = format!(
        "{:02}:{:02}:{:02}.{}",
        seed.below(24),
        seed.below(60),
        seed.below(60),
        [0, 5, 125][seed.below(3) as usize]
    );
    Some(match column.kind {
        // An address whose text is that of a network.
        ValueKind::Inet if column.cast.contains("cidr") => format!("10.{n}.0.0/16"),
        _ if column.cast.contains("geometry") => format!("SRID=4326;POINT({n} {}.25)", seed.below(60)),
        ValueKind::Bool => n.is_multiple_of(2).to_string(),
        // Small numbers meet each other; a serial is new.
        ValueKind::Int2 | ValueKind::Int4 | ValueKind::Int8 | ValueKind::UInt8 | ValueKind::Oid if n < 12 => {
            (n + 1).to_string()
        }
        ValueKind::Int2 => (serial % 30_000).to_string(),
        ValueKind::Int4 | ValueKind::Oid => serial.to_string(),
        ValueKind::Int8 | ValueKind::UInt8 => (serial + (n << 33)).to_string(),
        // The same number in the fewest digits and in all of them.
        ValueKind::Float4 | ValueKind::Float8 if n == 0 => "NaN".to_owned(),
        ValueKind::Float4 | ValueKind::Float8 => format!("{}.25", serial % 100_000),
        ValueKind::Numeric if n < 20 => format!("{}.{}5", n + 1, seed.below(10)),
        ValueKind::Numeric => format!("{serial}.5"),
        ValueKind::Text | ValueKind::Char => {
            let text = match TEXTS.get(n as usize) {
                Some(text) if !(column.id && text.is_empty()) => {
                    format!("{text}{}", if n > 0 { serial.to_string() } else { String::new() })
                }
                _ => format!("text {serial}"),
            };
            match column.length {
                // The last characters are the serial's.
                Some(length) => text.chars().skip(text.chars().count().saturating_sub(length)).collect(),
                None => text,
            }
        }
        ValueKind::Enum => column.labels.get(seed.below(column.labels.len().max(1) as u64) as usize)?.clone(),
        ValueKind::Uuid => format!("{:08x}-0000-4000-8000-{serial:012x}", seed.below(1 << 32)),
        ValueKind::Date => date,
        ValueKind::Time => time,
        ValueKind::TimeTz => format!("{time}+0{}", n % 10),
        ValueKind::Timestamp => format!("{date} {time}"),
        ValueKind::TimestampTz => format!("{date} {time}+0{}", n % 10),
        ValueKind::Interval => format!("{n} mons {serial} days {time}"),
        ValueKind::Bytea => format!("\\x{serial:08x}"),
        ValueKind::Json | ValueKind::Jsonb => return document(seed, serial),
        ValueKind::Inet => format!("10.{}.{}.{}", n, seed.below(256), seed.below(256)),
        ValueKind::Hstore => format!("\"n\"=>\"{serial}\", \"null\"=>NULL"),
        _ => return None,
    })
}

/// A value of JSON that has another shape than the ones that are there; those are varied more often.
fn document(seed: &mut Seed, serial: u64) -> Option<String> {
    let text = match seed.below(12) {
        0 => "null".to_owned(),
        1 => serial.to_string(),
        2 => format!("\"{serial}\""),
        3 => format!("[{serial}, null, {{}}, []]"),
        4 => format!("{{\"\": {{\"a.b\": {serial}}}}}"),
        _ => return None,
    };
    Some(text)
}

/// The value with other digits: for types that nothing else is known of.
fn varied(old: &str, kind: ValueKind, seed: &mut Seed) -> String {
    let often = if matches!(kind, ValueKind::Json | ValueKind::Jsonb) { 90 } else { 40 };
    if seed.below(100) >= often {
        return old.to_owned();
    }
    old.chars()
        .map(|c| if c.is_ascii_digit() && c != '0' { char::from(b'1' + seed.below(9) as u8) } else { c })
        .collect()
}

/// The same value for types whose equality is not that of their letters; for others another one.
pub(super) fn respelled(value: &str, kind: ValueKind) -> String {
    let other_case = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    match kind {
        ValueKind::Numeric if value.contains('.') => format!("{value}0"),
        ValueKind::Numeric if value.bytes().all(|byte| byte.is_ascii_digit()) => format!("{value}.0"),
        ValueKind::Text => value.chars().map(other_case).collect(),
        _ => value.to_owned(),
    }
}
