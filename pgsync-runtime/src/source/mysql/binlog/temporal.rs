//! Dates and times. In: their bytes in a row. Out: the text that the server prints for them; a `TIMESTAMP` in UTC.

use super::bytes::Reader;
use super::column::fraction_bytes;
use super::refusal::Result;
use std::io::Write;

/// A date of three bytes. Months and days of 0 are values like others.
pub(super) fn date(reader: &mut Reader<'_>, text: &mut Vec<u8>) -> Result<()> {
    let date = reader.little(3)?;
    ymd(text, date >> 9, date >> 5 & 15, date & 31);
    Ok(())
}

/// A date and a time, as one number.
pub(super) fn datetime(reader: &mut Reader<'_>, digits: u8, text: &mut Vec<u8>) -> Result<()> {
    let number = reader.big(5)?.checked_sub(1 << 39).ok_or_else(|| reader.wrong())?;
    let (days, time) = (number >> 17, number & 0x1_FFFF);
    let months = days >> 5;
    ymd(text, months / 13, months % 13, days & 31);
    text.push(b' ');
    hms(text, time >> 12, time >> 6 & 63, time & 63);
    let micros = micros(reader, digits)?;
    fraction(text, micros, digits);
    Ok(())
}

/// Seconds since 1970. The first of them stands for a date that is none.
pub(super) fn timestamp(reader: &mut Reader<'_>, digits: u8, text: &mut Vec<u8>) -> Result<()> {
    let seconds = reader.big(4)?;
    let micros = micros(reader, digits)?;
    if seconds == 0 {
        text.extend_from_slice(b"0000-00-00 00:00:00");
    } else {
        let (year, month, day) = civil(seconds / 86_400);
        ymd(text, year, month, day);
        text.push(b' ');
        let of_day = seconds % 86_400;
        hms(text, of_day / 3600, of_day / 60 % 60, of_day % 60);
    }
    fraction(text, micros, digits);
    Ok(())
}

/// A time of up to 838 hours in either direction. Its fraction is a part of one number with it.
pub(super) fn time(reader: &mut Reader<'_>, digits: u8, text: &mut Vec<u8>) -> Result<()> {
    let bytes = fraction_bytes(digits);
    let number = reader.big(3 + bytes)?.cast_signed() - (1 << (23 + 8 * bytes));
    let whole = number.unsigned_abs() >> (8 * bytes);
    let part = number.unsigned_abs() & ((1 << (8 * bytes)) - 1);
    if number < 0 {
        text.push(b'-');
    }
    hms(text, whole >> 12 & 1023, whole >> 6 & 63, whole & 63);
    fraction(text, part * SCALE[bytes], digits);
    Ok(())
}

/// What a fraction of so many bytes counts, in microseconds.
const SCALE: [u64; 4] = [0, 10_000, 100, 1];

fn micros(reader: &mut Reader<'_>, digits: u8) -> Result<u64> {
    let bytes = fraction_bytes(digits);
    Ok(reader.big(bytes)? * SCALE[bytes])
}

// Writing to memory does not fail.
fn ymd(text: &mut Vec<u8>, year: u64, month: u64, day: u64) {
    let _ = write!(text, "{year:04}-{month:02}-{day:02}");
}

fn hms(text: &mut Vec<u8>, hours: u64, minutes: u64, seconds: u64) {
    let _ = write!(text, "{hours:02}:{minutes:02}:{seconds:02}");
}

fn fraction(text: &mut Vec<u8>, micros: u64, digits: u8) {
    if digits > 0 {
        let width = usize::from(digits);
        let _ = write!(text, ".{:0width$}", micros / 10_u64.pow(6 - u32::from(digits.min(6))));
    }
}

/// The date of a day since 1970, in the Gregorian calendar. Years begin in March, so that a leap day is the last one.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        for (day, date) in [
            (0, (1970, 1, 1)),
            (58, (1970, 2, 28)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (19_782, (2024, 2, 29)),
            (24_855, (2038, 1, 19)),
            (49_710, (2106, 2, 7)),
        ] {
            assert_eq!(civil(day), date);
        }
    }
}
