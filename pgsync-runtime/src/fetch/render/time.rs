//! Dates and times. In: binary days and microseconds counted from 2000-01-01. Out: ISO 8601 text as `to_jsonb` writes it
//! under `DateStyle = ISO`, `TimeZone = UTC`, `IntervalStyle = postgres`. Years before 1 are written with ` BC`.

use std::io::Write;

const DAY: i64 = 86_400_000_000;

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    /// Astronomical year: 0 is 1 BC.
    pub year: i64,
    pub month: u8,
    pub day: u8,
}

impl Day {
    /// From days since 2000-01-01 (the algorithm counts in eras of 400 years that begin on 1 March).
    pub(crate) fn since_2000(days: i64) -> Self {
        let shifted = days + 730_425;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u8;
        Self { year: era * 400 + year_of_era + i64::from(month <= 2), month, day }
    }

    /// `YYYY-MM-DD`, without the era. Returns whether the era is BC.
    pub(crate) fn write(self, out: &mut Vec<u8>) -> Option<bool> {
        let before = self.year <= 0;
        let year = if before { 1 - self.year } else { self.year };
        write!(out, "{year:04}-{:02}-{:02}", self.month, self.day).ok()?;
        Some(before)
    }
}

/// A point in time split into day and time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// `infinity`
    Infinity,
    /// `-infinity`
    MinusInfinity,
    /// A day and microseconds into it.
    At(Day, i64),
}

impl Clock {
    /// A binary timestamp.
    pub(crate) fn timestamp(value: &[u8]) -> Option<Self> {
        Some(match i64::from_be_bytes(value.try_into().ok()?) {
            i64::MAX => Self::Infinity,
            i64::MIN => Self::MinusInfinity,
            micros => Self::At(Day::since_2000(micros.div_euclid(DAY)), micros.rem_euclid(DAY)),
        })
    }

    /// A binary date.
    pub(crate) fn date(value: &[u8]) -> Option<Self> {
        Some(match i32::from_be_bytes(value.try_into().ok()?) {
            i32::MAX => Self::Infinity,
            i32::MIN => Self::MinusInfinity,
            days => Self::At(Day::since_2000(i64::from(days)), 0),
        })
    }
}

pub(super) fn date(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    write_clock(Clock::date(value)?, out, |_, _| Some(()))
}

pub(super) fn timestamp(value: &[u8], zoned: bool, out: &mut Vec<u8>) -> Option<()> {
    write_clock(Clock::timestamp(value)?, out, |micros, out| {
        out.push(b'T');
        time_text(micros, false, out)?;
        if zoned {
            out.extend_from_slice(b"+00:00");
        }
        Some(())
    })
}

fn write_clock(clock: Clock, out: &mut Vec<u8>, time: impl FnOnce(i64, &mut Vec<u8>) -> Option<()>) -> Option<()> {
    match clock {
        Clock::Infinity => out.extend_from_slice(b"infinity"),
        Clock::MinusInfinity => out.extend_from_slice(b"-infinity"),
        Clock::At(day, micros) => {
            let before = day.write(out)?;
            time(micros, out)?;
            if before {
                out.extend_from_slice(b" BC");
            }
        }
    }
    Some(())
}

/// `HH:MM:SS` and a fraction where there is one: trimmed of zeros, or all six digits.
pub(crate) fn time_text(micros: i64, six_digits: bool, out: &mut Vec<u8>) -> Option<()> {
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60).ok()?;
    if fraction != 0 {
        write!(out, ".{fraction:06}").ok()?;
        while !six_digits && out.last() == Some(&b'0') {
            out.pop();
        }
    }
    Some(())
}

pub(super) fn time(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    time_text(i64::from_be_bytes(value.try_into().ok()?), false, out)
}

pub(super) fn time_with_zone(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (micros, zone) = value.split_first_chunk::<8>()?;
    time_text(i64::from_be_bytes(*micros), false, out)?;
    // On the wire a zone is counted in seconds west of Greenwich.
    zone_text(-i32::from_be_bytes(zone.try_into().ok()?), false, out)
}

/// `+02`, `+05:30`, `+05:30:15`; with `minutes` always at least `+02:00`.
pub(crate) fn zone_text(east: i32, minutes: bool, out: &mut Vec<u8>) -> Option<()> {
    out.push(if east < 0 { b'-' } else { b'+' });
    let east = east.abs();
    let (hour, minute, second) = (east / 3600, east / 60 % 60, east % 60);
    write!(out, "{hour:02}").ok()?;
    if minutes || minute != 0 || second != 0 {
        write!(out, ":{minute:02}").ok()?;
    }
    if second != 0 {
        write!(out, ":{second:02}").ok()?;
    }
    Some(())
}

/// `1 year 2 mons -3 days +04:05:06.789`: a part after a negative one carries its sign.
pub(super) fn interval(value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (micros, rest) = value.split_first_chunk::<8>()?;
    let (days, months) = rest.split_first_chunk::<4>()?;
    let (micros, days) = (i64::from_be_bytes(*micros), i32::from_be_bytes(*days));
    let months = i32::from_be_bytes(months.try_into().ok()?);
    // PostgreSQL 17 and later.
    match (micros, days, months) {
        (i64::MAX, i32::MAX, i32::MAX) => {
            return {
                out.extend_from_slice(b"infinity");
                Some(())
            };
        }
        (i64::MIN, i32::MIN, i32::MIN) => {
            return {
                out.extend_from_slice(b"-infinity");
                Some(())
            };
        }
        _ => {}
    }
    let start = out.len();
    let mut negative = false;
    for (count, unit) in [(months / 12, "year"), (months % 12, "mon"), (days, "day")] {
        if count == 0 {
            continue;
        }
        let blank = if out.len() > start { " " } else { "" };
        let sign = if negative && count > 0 { "+" } else { "" };
        let plural = if count == 1 { "" } else { "s" };
        write!(out, "{blank}{sign}{count} {unit}{plural}").ok()?;
        negative = count < 0;
    }
    if micros != 0 || out.len() == start {
        if out.len() > start {
            out.push(b' ');
        }
        if micros < 0 {
            out.push(b'-');
        } else if negative {
            out.push(b'+');
        }
        let micros = micros.unsigned_abs();
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60).ok()?;
        if fraction != 0 {
            write!(out, ".{fraction:06}").ok()?;
            while out.last() == Some(&b'0') {
                out.pop();
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn days_count_from_2000() {
        let day = |days| {
            let mut out = Vec::new();
            let before = Day::since_2000(days).write(&mut out).unwrap();
            (String::from_utf8(out).unwrap(), before)
        };
        assert_eq!(day(0), ("2000-01-01".into(), false));
        assert_eq!(day(59), ("2000-02-29".into(), false));
        assert_eq!(day(-1), ("1999-12-31".into(), false));
        assert_eq!(day(-730_119), ("0001-01-01".into(), false));
        assert_eq!(day(-730_120), ("0001-12-31".into(), true));
        assert_eq!(day(-2_451_545), ("4714-11-24".into(), true));
    }
}
