//! Keys as bytes, for servers that make no table of a JSON text. In: tuples of texts. Out: for each value its place among the
//! bytes and its length, in ten digits each, then the values; and how many tuples there are. The statement cuts them out: see
//! the compiler's `emit/sql/mysql/asked.rs`.

use super::arguments::Keys;
use mysql_async::Value;
use std::io::Write as _;

/// Digits of a place, and of a length.
const DIGITS: usize = 10;

/// Tuples of values.
#[derive(Debug, Default)]
pub(super) struct Packed {
    tuples: u64,
    /// Where each value ends.
    ends: Vec<usize>,
    values: Vec<u8>,
}

impl Keys for Packed {
    fn tuple(&mut self) {
        self.tuples += 1;
    }

    fn value(&mut self, value: &[u8]) {
        self.values.extend_from_slice(value);
        self.ends.push(self.values.len());
    }

    fn finish(self) -> Vec<Value> {
        let before = self.ends.len() * 2 * DIGITS;
        let mut bytes = Vec::with_capacity(before + self.values.len());
        let mut start = 0;
        for end in self.ends {
            // Counted from 1. Writing to memory does not fail.
            let _ = write!(bytes, "{:0DIGITS$}{:0DIGITS$}", before + start + 1, end - start);
            start = end;
        }
        bytes.extend_from_slice(&self.values);
        vec![Value::Bytes(bytes), Value::UInt(self.tuples)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_where_it_is_said_to_be() {
        let mut packed = Packed::default();
        for tuple in [["a", "ß"], ["", "'"]] {
            packed.tuple();
            tuple.iter().for_each(|value| packed.value(value.as_bytes()));
        }
        let values = packed.finish();
        let [Value::Bytes(bytes), Value::UInt(2)] = &values[..] else { panic!("{values:?}") };
        let number = |at: usize| std::str::from_utf8(&bytes[at..at + DIGITS]).unwrap().parse::<usize>().unwrap();
        let cut = |position: usize| {
            let (start, length) = (number(20 * position) - 1, number(20 * position + DIGITS));
            std::str::from_utf8(&bytes[start..start + length]).unwrap()
        };
        assert_eq!([0, 1, 2, 3].map(cut), ["a", "ß", "", "'"]);
        assert_eq!(Packed::default().finish(), [Value::Bytes(Vec::new()), Value::UInt(0)]);
    }
}
