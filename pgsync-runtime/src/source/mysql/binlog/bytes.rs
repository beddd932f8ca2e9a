//! Numbers and texts out of bytes. In: the bytes of one event. Out: what was asked for, or a refusal that names the thing:
//! nothing here looks beyond the end.

use super::refusal::{Refusal, Result};

/// Reads one thing after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// What is read, for the refusal.
    what: &'static str,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { bytes, what }
    }

    pub(super) const fn short(&self) -> Refusal {
        Refusal::Length(self.what)
    }

    pub(super) const fn wrong(&self) -> Refusal {
        Refusal::Content(self.what)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) const fn left(&self) -> usize {
        self.bytes.len()
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.bytes)
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<()> {
        if self.bytes.is_empty() { Ok(()) } else { Err(self.short()) }
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(|| self.short())?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or_else(|| self.short())?;
        self.bytes = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A number of up to eight bytes, the lowest first.
    pub(super) fn little(&mut self, length: usize) -> Result<u64> {
        if length > 8 {
            return Err(self.wrong());
        }
        Ok(self.take(length)?.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A number of up to eight bytes, the highest first.
    pub(super) fn big(&mut self, length: usize) -> Result<u64> {
        if length > 8 {
            return Err(self.wrong());
        }
        Ok(self.take(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A number that says its own length.
    pub(super) fn packed(&mut self) -> Result<u64> {
        match self.u8()? {
            small @ 0..=250 => Ok(u64::from(small)),
            252 => self.little(2),
            253 => self.little(3),
            254 => self.little(8),
            _ => Err(self.wrong()),
        }
    }

    /// The same, of something that is in memory.
    pub(super) fn packed_length(&mut self) -> Result<usize> {
        let length = self.packed()?;
        usize::try_from(length).map_err(|_| self.wrong())
    }

    /// Bytes with their length before them.
    pub(super) fn packed_bytes(&mut self) -> Result<&'a [u8]> {
        let length = self.packed_length()?;
        self.take(length)
    }

    /// Such bytes as text.
    pub(super) fn packed_text(&mut self) -> Result<&'a str> {
        let bytes = self.packed_bytes()?;
        std::str::from_utf8(bytes).map_err(|_| self.wrong())
    }

    /// Text of one length byte, ended by a zero.
    pub(super) fn name(&mut self) -> Result<&'a str> {
        let length = usize::from(self.u8()?);
        let name = std::str::from_utf8(self.take(length)?).map_err(|_| self.wrong())?;
        if self.u8()? == 0 { Ok(name) } else { Err(self.wrong()) }
    }

    /// A number as MySQL's serialization writes it: the ones at the end of the first byte count the bytes that follow.
    pub(super) fn serialized(&mut self) -> Result<u64> {
        let first = self.u8()?;
        let more = first.trailing_ones() as usize;
        let high = self.little(more)?;
        let low = u64::from(first).checked_shr(more as u32 + 1).unwrap_or(0);
        let bits = 7_usize.saturating_sub(more);
        // Nine bytes hold 64 bits of number: nothing may be shifted out.
        if bits > 0 && more > 0 && high >> (64 - bits) != 0 {
            return Err(self.wrong());
        }
        Ok(high << bits | low)
    }

    /// A bit per thing, `count` of them.
    pub(super) fn bits(&mut self, count: usize) -> Result<Bits<'a>> {
        Ok(Bits(self.take(count.div_ceil(8))?))
    }
}

/// A bit per thing, the lowest first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bits<'a>(&'a [u8]);

impl Bits<'_> {
    pub(super) fn has(self, at: usize) -> bool {
        self.0.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// How many of the first `count` are set.
    pub(super) fn count(self, count: usize) -> usize {
        (0..count).filter(|at| self.has(*at)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_their_own_length() {
        for (bytes, number) in [
            (&[250][..], 250),
            (&[252, 1, 2], 0x0201),
            (&[253, 1, 2, 3], 0x03_0201),
            (&[254, 1, 0, 0, 0, 0, 0, 0, 0x80], 0x8000_0000_0000_0001),
        ] {
            assert_eq!(Reader::new(bytes, "a number").packed(), Ok(number));
        }
        for bytes in [&[][..], &[251], &[255], &[252, 1], &[254, 1, 2, 3]] {
            assert!(Reader::new(bytes, "a number").packed().is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn serialized_numbers_count_their_bytes_by_ones() {
        for (bytes, number) in [
            (&[0x00][..], 0),
            (&[0xFE], 127),
            (&[0x01, 0x02], 128),
            (&[0xFD, 0xFF], 0x3FFF),
            (&[0xFF, 1, 2, 3, 4, 5, 6, 7, 8], 0x0807_0605_0403_0201),
            (&[0x7F, 1, 2, 3, 4, 5, 6, 7], 0x07_0605_0403_0201),
        ] {
            assert_eq!(Reader::new(bytes, "a number").serialized(), Ok(number), "{bytes:?}");
        }
        assert!(Reader::new(&[0x03, 1], "a number").serialized().is_err());
    }
}
