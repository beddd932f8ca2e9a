//! A value of the driver in the bytes of a codec, and back into a text. In: a value, and how its column arrives. Out: bytes
//! appended, or nothing where the value is not of that kind.

use super::delivery::Delivery;
use mysql_async::Value;
use pgsync_plan::Codec;

/// Appends a value that is not NULL. None where it is of another kind than its column.
pub(super) fn write(delivery: Delivery, value: &Value, out: &mut Vec<u8>) -> Option<()> {
    match (delivery, value) {
        (Delivery::Bool, _) => out.push(u8::from(integer(value)? != 0)),
        (Delivery::Int2, _) => out.extend_from_slice(&i16::try_from(integer(value)?).ok()?.to_be_bytes()),
        (Delivery::Int4, _) => out.extend_from_slice(&i32::try_from(integer(value)?).ok()?.to_be_bytes()),
        (Delivery::Int8, _) => out.extend_from_slice(&i64::try_from(integer(value)?).ok()?.to_be_bytes()),
        (Delivery::UInt8, _) => out.extend_from_slice(&u64::try_from(integer(value)?).ok()?.to_be_bytes()),
        (Delivery::Bits, Value::Bytes(bytes)) => {
            let mut number = [0; 8];
            number.get_mut(8_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
            out.extend_from_slice(&number);
        }
        (Delivery::Float4, Value::Float(number)) => out.extend_from_slice(&number.to_be_bytes()),
        (Delivery::Float8, Value::Double(number)) => out.extend_from_slice(&number.to_be_bytes()),
        (Delivery::Decimal, Value::Bytes(text)) => decimal(text, out)?,
        (Delivery::Date, &Value::Date(year, month, day, ..)) => date(out, year, month, day),
        (Delivery::Datetime, &Value::Date(year, month, day, hour, minute, second, micros)) => {
            date(out, year, month, day);
            out.push(b'T');
            time(out, hour.into(), minute, second, micros);
        }
        (Delivery::Time, &Value::Time(negative, days, hours, minute, second, micros)) => {
            if negative {
                out.push(b'-');
            }
            time(out, days.checked_mul(24)?.checked_add(hours.into())?, minute, second, micros);
        }
        (Delivery::Text | Delivery::Bytes | Delivery::Json, Value::Bytes(bytes)) => out.extend_from_slice(bytes),
        _ => return None,
    }
    Some(())
}

/// Appends the text by which a value that was read is asked for: digits of a number, any other value as it is.
pub(super) fn text(codec: Codec, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    match codec {
        Codec::Int2 => put(out, i16::from_be_bytes(bytes.try_into().ok()?)),
        Codec::Int4 => put(out, i32::from_be_bytes(bytes.try_into().ok()?)),
        Codec::Int8 => put(out, i64::from_be_bytes(bytes.try_into().ok()?)),
        Codec::UInt8 => put(out, u64::from_be_bytes(bytes.try_into().ok()?)),
        _ => out.extend_from_slice(bytes),
    }
    Some(())
}

fn put(out: &mut Vec<u8>, number: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn integer(value: &Value) -> Option<i128> {
    match value {
        Value::Int(number) => Some((*number).into()),
        Value::UInt(number) => Some((*number).into()),
        _ => None,
    }
}

// Every row has such values: no formatting, and no text of their own.

/// Two digits.
fn pair(out: &mut Vec<u8>, number: u8) {
    if number > 99 {
        put(out, number);
    } else {
        out.extend_from_slice(&[b'0' + number / 10, b'0' + number % 10]);
    }
}

fn date(out: &mut Vec<u8>, year: u16, month: u8, day: u8) {
    // A century has two digits where the year has four.
    match u8::try_from(year / 100) {
        Ok(century) if century < 100 => {
            pair(out, century);
            pair(out, (year % 100) as u8);
        }
        _ => put(out, year),
    }
    out.push(b'-');
    pair(out, month);
    out.push(b'-');
    pair(out, day);
}

fn time(out: &mut Vec<u8>, hours: u32, minutes: u8, seconds: u8, micros: u32) {
    match u8::try_from(hours) {
        Ok(hours) => pair(out, hours),
        Err(_) => put(out, hours),
    }
    out.push(b':');
    pair(out, minutes);
    out.push(b':');
    pair(out, seconds);
    if micros > 0 {
        out.push(b'.');
        let (mut rest, mut unit) = (micros, 100_000);
        while rest > 0 && unit > 0 {
            out.push(b'0' + (rest / unit % 10) as u8);
            rest %= unit;
            unit /= 10;
        }
    }
}

/// Groups of four digits on either side of the point, as [`Codec::Numeric`] has them, without those that are 0 at either end.
fn decimal(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    const NEGATIVE: u16 = 0x4000;
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (NEGATIVE, rest),
        rest => (0, rest),
    };
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, fraction) = (&digits[..point], digits.get(point + 1..).unwrap_or_default());
    if whole.is_empty() || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
        return None;
    }
    let before = whole.len().div_ceil(4);
    let (first, others) = whole.split_at(whole.len() - (before - 1) * 4);
    let number = |digits: &[u8]| digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    let behind = |digits: &[u8]| number(digits) * 10_u16.pow(4 - digits.len() as u32);
    let groups = [first].into_iter().chain(others.chunks(4)).map(number).chain(fraction.chunks(4).map(behind));
    let head = out.len();
    out.extend_from_slice(&[0; 8]);
    let start = out.len();
    let (mut end, mut weight) = (start, i16::try_from(before).ok()? - 1);
    for group in groups {
        if group == 0 && out.len() == start {
            weight = weight.checked_sub(1)?;
            continue;
        }
        out.extend_from_slice(&group.to_be_bytes());
        if group != 0 {
            end = out.len();
        }
    }
    out.truncate(end);
    let count = u16::try_from((end - start) / 2).ok()?;
    let (weight, sign) = if count == 0 { (0, 0) } else { (weight, sign) };
    for (word, place) in [count, weight.cast_unsigned(), sign, u16::try_from(fraction.len()).ok()?].iter().zip(0..) {
        let at = head + 2 * place;
        out[at..at + 2].copy_from_slice(&word.to_be_bytes());
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::render;

    fn json(delivery: Delivery, codec: Codec, value: &Value) -> String {
        let mut bytes = Vec::new();
        write(delivery, value, &mut bytes).unwrap_or_else(|| panic!("{value:?} is no {delivery:?}"));
        let mut out = Vec::new();
        render::json(codec, Some(&bytes), &mut out).unwrap_or_else(|_| panic!("{value:?}: {bytes:?}"));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_kind_of_value_is_rendered_as_the_server_shows_it() {
        for (delivery, codec, value, shown) in [
            (Delivery::Bool, Codec::Bool, Value::Int(1), "true"),
            (Delivery::Int2, Codec::Int2, Value::Int(-128), "-128"),
            (Delivery::Int2, Codec::Int2, Value::UInt(2155), "2155"),
            (Delivery::Int4, Codec::Int4, Value::UInt(65_535), "65535"),
            (Delivery::Int8, Codec::Int8, Value::UInt(4_294_967_295), "4294967295"),
            (Delivery::UInt8, Codec::UInt8, Value::UInt(u64::MAX), "18446744073709551615"),
            (Delivery::Bits, Codec::UInt8, Value::Bytes(vec![1, 2]), "258"),
            (Delivery::Float8, Codec::Float8, Value::Double(0.1), "0.1"),
            (Delivery::Float4, Codec::Float4, Value::Float(1.5), "1.5"),
            (Delivery::Date, Codec::Text, Value::Date(0, 0, 0, 0, 0, 0, 0), "\"0000-00-00\""),
            (Delivery::Datetime, Codec::Text, Value::Date(2024, 2, 29, 3, 4, 5, 120_000), "\"2024-02-29T03:04:05.12\""),
            (Delivery::Datetime, Codec::Text, Value::Date(2024, 2, 29, 0, 0, 0, 0), "\"2024-02-29T00:00:00\""),
            (Delivery::Time, Codec::Text, Value::Time(true, 34, 22, 59, 59, 1), "\"-838:59:59.000001\""),
            (Delivery::Time, Codec::Text, Value::Time(false, 4, 3, 5, 0, 999_999), "\"99:05:00.999999\""),
            (Delivery::Time, Codec::Text, Value::Time(false, 4, 4, 0, 9, 100_000), "\"100:00:09.1\""),
            (Delivery::Date, Codec::Text, Value::Date(9999, 12, 31, 0, 0, 0, 0), "\"9999-12-31\""),
            (Delivery::Text, Codec::Text, Value::Bytes("ä\"".into()), "\"ä\\\"\""),
            (Delivery::Bytes, Codec::Bytes, Value::Bytes(vec![0, 255]), "\"\\\\x00ff\""),
            (Delivery::Json, Codec::Json, Value::Bytes(b"{\"a\": 1}".to_vec()), "{\"a\": 1}"),
        ] {
            assert_eq!(json(delivery, codec, &value), shown, "{value:?}");
        }
    }

    #[test]
    fn decimals_keep_every_digit() {
        for text in [
            "0",
            "0.00",
            "1",
            "10000",
            "10001.5",
            "-0.000012",
            "99999999.99999999",
            "-123456789012345678901234567890.5",
            "0.1234567",
            "40000000000000000000",
            "-0.00001000",
            "12345.00010000",
            "100000000.00000000",
            "0.10000001",
        ] {
            assert_eq!(json(Delivery::Decimal, Codec::Numeric, &Value::Bytes(text.into())), *text);
        }
        for wrong in ["", "-", ".5", "1e3", "1.2.3"] {
            assert!(write(Delivery::Decimal, &Value::Bytes(wrong.into()), &mut Vec::new()).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_value_of_another_kind_is_no_panic() {
        for (delivery, value) in [
            (Delivery::Int2, Value::Int(40_000)),
            (Delivery::Int4, Value::Bytes(b"1".to_vec())),
            (Delivery::Bits, Value::Bytes(vec![0; 9])),
            (Delivery::UInt8, Value::Int(-1)),
            (Delivery::Text, Value::Int(1)),
        ] {
            assert!(write(delivery, &value, &mut Vec::new()).is_none(), "{value:?}");
        }
    }

    #[test]
    fn values_that_were_read_are_asked_for_by_their_text() {
        for (codec, bytes, expected) in [
            (Codec::Int2, (-1_i16).to_be_bytes().to_vec(), "-1"),
            (Codec::Int4, 7_i32.to_be_bytes().to_vec(), "7"),
            (Codec::UInt8, u64::MAX.to_be_bytes().to_vec(), "18446744073709551615"),
            (Codec::Text, b"x".to_vec(), "x"),
        ] {
            let mut out = Vec::new();
            text(codec, &bytes, &mut out).unwrap();
            assert_eq!(out, expected.as_bytes());
        }
        assert!(text(Codec::Int4, &[1], &mut Vec::new()).is_none());
    }
}
