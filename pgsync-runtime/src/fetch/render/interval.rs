//! `interval` in the style `postgres`. In: microseconds, days and months, which the server keeps apart. Out:
//! `1 year 2 mons -3 days +04:05:06.7` without quotes.

use super::time::{Fraction, clock};

/// The server's text of an interval.
pub(crate) fn interval(value: [u8; 16], out: &mut Vec<u8>) {
    let [m0, m1, m2, m3, m4, m5, m6, m7, d0, d1, d2, d3, n0, n1, n2, n3] = value;
    let micros = i64::from_be_bytes([m0, m1, m2, m3, m4, m5, m6, m7]);
    let days = i32::from_be_bytes([d0, d1, d2, d3]);
    let months = i32::from_be_bytes([n0, n1, n2, n3]);
    // PostgreSQL 17 gave these two values, which nobody had used, a meaning.
    match (micros, days, months) {
        (i64::MAX, i32::MAX, i32::MAX) => return out.extend_from_slice(b"infinity"),
        (i64::MIN, i32::MIN, i32::MIN) => return out.extend_from_slice(b"-infinity"),
        _ => {}
    }
    let mut first = true;
    let mut after_negative = false;
    for (count, unit) in [(months / 12, "year"), (months % 12, "mon"), (days, "day")] {
        if count == 0 {
            continue;
        }
        if !first {
            out.push(b' ');
        }
        if after_negative && count > 0 {
            out.push(b'+');
        }
        out.extend_from_slice(itoa::Buffer::new().format(count).as_bytes());
        out.push(b' ');
        out.extend_from_slice(unit.as_bytes());
        if count != 1 {
            out.push(b's');
        }
        first = false;
        after_negative = count < 0;
    }
    if first || micros != 0 {
        if !first {
            out.push(b' ');
        }
        if micros < 0 {
            out.push(b'-');
        } else if after_negative {
            out.push(b'+');
        }
        clock(micros, Fraction::Trimmed, out);
    }
}
