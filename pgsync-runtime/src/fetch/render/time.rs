//! Dates and times of day, in UTC. In: days or microseconds since 2000-01-01, microseconds of a day. Out: ISO text
//! without quotes, over the server's whole range: `infinity`, years beyond 9999, years before Christ.

use super::Malformed;

const DAY: i64 = 86_400_000_000;

/// How a fraction of a second is written; without a fraction nothing is.
#[derive(Clone, Copy)]
pub(crate) enum Fraction {
    /// Without trailing zeros, as the server has it.
    Trimmed,
    /// Always six digits, as Python has it.
    Six,
}

/// `2020-01-01`, from days.
pub(crate) fn date(days: [u8; 4], out: &mut Vec<u8>) {
    match i32::from_be_bytes(days) {
        i32::MAX => out.extend_from_slice(b"infinity"),
        i32::MIN => out.extend_from_slice(b"-infinity"),
        days => {
            let year = calendar_day(days.into(), out);
            era(year, out);
        }
    }
}

/// `2020-01-01T01:02:03.5`, from microseconds. `separator` stands between day and time, `zone` after the time.
pub(crate) fn timestamp(micros: [u8; 8], separator: u8, fraction: Fraction, zone: &[u8], out: &mut Vec<u8>) {
    match i64::from_be_bytes(micros) {
        i64::MAX => out.extend_from_slice(b"infinity"),
        i64::MIN => out.extend_from_slice(b"-infinity"),
        micros => {
            let year = calendar_day(micros.div_euclid(DAY), out);
            out.push(separator);
            clock(micros.rem_euclid(DAY), fraction, out);
            out.extend_from_slice(zone);
            era(year, out);
        }
    }
}

/// `01:02:03.5`, from microseconds; `24:00:00` is one.
pub(crate) fn time(micros: [u8; 8], fraction: Fraction, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let micros = i64::from_be_bytes(micros);
    if !(0..=DAY).contains(&micros) {
        return Err(Malformed);
    }
    clock(micros, fraction, out);
    Ok(())
}

/// `01:02:03.5+02`: the time, then the offset, which travels as seconds *west* of UTC. Minutes of the offset are left
/// out where they are zero, unless the fraction is Python's, who always writes them.
pub(crate) fn time_tz(value: [u8; 12], fraction: Fraction, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let [micros @ .., a, b, c, d] = value;
    time(micros, fraction, out)?;
    let west = i32::from_be_bytes([a, b, c, d]);
    out.push(if west <= 0 { b'+' } else { b'-' });
    let offset = west.unsigned_abs();
    let (minutes, seconds) = (offset / 60 % 60, offset % 60);
    padded((offset / 3600).into(), 2, out);
    if minutes != 0 || seconds != 0 || matches!(fraction, Fraction::Six) {
        out.push(b':');
        padded(minutes.into(), 2, out);
    }
    if seconds != 0 {
        out.push(b':');
        padded(seconds.into(), 2, out);
    }
    Ok(())
}

/// `01:02:03.5` of any number of hours.
pub(super) fn clock(micros: i64, fraction: Fraction, out: &mut Vec<u8>) {
    let seconds = micros / 1_000_000;
    padded((seconds / 3600).unsigned_abs(), 2, out);
    out.push(b':');
    padded((seconds / 60 % 60).unsigned_abs(), 2, out);
    out.push(b':');
    padded((seconds % 60).unsigned_abs(), 2, out);
    let rest = (micros % 1_000_000).unsigned_abs();
    if rest != 0 {
        out.push(b'.');
        padded(rest, 6, out);
        while matches!(fraction, Fraction::Trimmed) && out.last() == Some(&b'0') {
            out.pop();
        }
    }
}

/// Year, month and day of the proleptic Gregorian calendar; the year before 1 is 0. Returns the year.
fn calendar_day(days_since_2000: i64, out: &mut Vec<u8>) -> i64 {
    // Counted from 0000-03-01, so that a leap day is the last day of its year and of its 400-year cycle.
    let days = days_since_2000 + 730_425;
    let cycle = days.div_euclid(146_097);
    let of_cycle = days.rem_euclid(146_097);
    let year_of_cycle = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);

    padded(if year > 0 { year } else { 1 - year }.unsigned_abs(), 4, out);
    out.push(b'-');
    padded(month.unsigned_abs(), 2, out);
    out.push(b'-');
    padded(day.unsigned_abs(), 2, out);
    year
}

fn era(year: i64, out: &mut Vec<u8>) {
    if year <= 0 {
        out.extend_from_slice(b" BC");
    }
}

/// At least `width` digits.
fn padded(value: u64, width: usize, out: &mut Vec<u8>) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value);
    out.extend(std::iter::repeat_n(b'0', width.saturating_sub(digits.len())));
    out.extend_from_slice(digits.as_bytes());
}
