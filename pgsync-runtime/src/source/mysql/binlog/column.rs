//! The types of columns as the log writes them. In: a type's byte, what describes it, and the bytes of a row. Out: where a
//! value ends, so that it can be passed over whatever it is.

use super::bytes::Reader;
use super::gtid::Flavour;
use super::refusal::Result;

/// A type, with what of its description says how long a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// Of so many bytes.
    Integer(usize),
    Float,
    Double,
    Decimal {
        digits: usize,
        scale: usize,
    },
    Year,
    Date,
    /// A time as it was stored before MySQL 5.6, and is by MariaDB on demand: the log does not say how long it is.
    OldTime,
    /// With so many digits behind the second.
    Time(u8),
    Datetime(u8),
    Timestamp(u8),
    Bit {
        bits: usize,
    },
    Enum {
        bytes: usize,
    },
    Set {
        bytes: usize,
    },
    /// Of a fixed length, in bytes.
    Char {
        length: usize,
    },
    /// Of a length up to this, in bytes.
    Varchar {
        limit: usize,
    },
    /// Its length takes so many bytes.
    Blob {
        prefix: usize,
    },
    Json {
        prefix: usize,
    },
    Geometry {
        prefix: usize,
    },
    Vector {
        prefix: usize,
    },
    /// MariaDB's attribute COMPRESSED.
    PackedVarchar {
        limit: usize,
    },
    PackedBlob {
        prefix: usize,
    },
}

impl Type {
    /// Reads the description of a column whose type has this number.
    pub(super) fn read(number: u8, meta: &mut Reader<'_>) -> Result<Self> {
        let prefix = |meta: &mut Reader<'_>| match meta.u8()? {
            prefix @ 1..=4 => Ok(usize::from(prefix)),
            _ => Err(meta.wrong()),
        };
        let fraction = |meta: &mut Reader<'_>| match meta.u8()? {
            digits @ 0..=6 => Ok(digits),
            _ => Err(meta.wrong()),
        };
        Ok(match number {
            1 => Self::Integer(1),
            2 => Self::Integer(2),
            9 => Self::Integer(3),
            3 => Self::Integer(4),
            8 => Self::Integer(8),
            4 if meta.u8()? == 4 => Self::Float,
            5 if meta.u8()? == 8 => Self::Double,
            7 | 11 | 12 => Self::OldTime,
            10 | 14 => Self::Date,
            13 => Self::Year,
            15 | 253 => Self::Varchar { limit: usize::from(meta.u16()?) },
            141 => Self::PackedVarchar { limit: usize::from(meta.u16()?) },
            16 => {
                let (rest, whole) = (usize::from(meta.u8()?), usize::from(meta.u8()?));
                match whole * 8 + rest {
                    bits @ 1..=64 if rest < 8 => Self::Bit { bits },
                    _ => return Err(meta.wrong()),
                }
            }
            17 => Self::Timestamp(fraction(meta)?),
            18 => Self::Datetime(fraction(meta)?),
            19 => Self::Time(fraction(meta)?),
            140 => Self::PackedBlob { prefix: prefix(meta)? },
            242 => Self::Vector { prefix: prefix(meta)? },
            245 => Self::Json { prefix: prefix(meta)? },
            255 => Self::Geometry { prefix: prefix(meta)? },
            249..=252 => Self::Blob { prefix: prefix(meta)? },
            246 => {
                let (digits, scale) = (usize::from(meta.u8()?), usize::from(meta.u8()?));
                if digits == 0 || digits > 65 || scale > digits {
                    return Err(meta.wrong());
                }
                Self::Decimal { digits, scale }
            }
            247 | 248 | 254 => string(meta)?,
            _ => return Err(meta.wrong()),
        })
    }

    /// Passes over a value and gives its bytes, without its length.
    pub(super) fn value<'a>(self, row: &mut Reader<'a>) -> Result<&'a [u8]> {
        let fixed = match self {
            Self::Integer(bytes) | Self::Enum { bytes } | Self::Set { bytes } => bytes,
            Self::Float => 4,
            Self::Double => 8,
            Self::Year => 1,
            Self::Date => 3,
            Self::OldTime => return Err(row.wrong()),
            Self::Time(digits) => 3 + fraction_bytes(digits),
            Self::Timestamp(digits) => 4 + fraction_bytes(digits),
            Self::Datetime(digits) => 5 + fraction_bytes(digits),
            Self::Bit { bits } => bits.div_ceil(8),
            Self::Decimal { digits, scale } => decimal_bytes(digits - scale) + decimal_bytes(scale),
            Self::Char { length: limit } | Self::Varchar { limit } | Self::PackedVarchar { limit } => {
                let prefix = if limit > 255 { 2 } else { 1 };
                return prefixed(row, prefix);
            }
            Self::Blob { prefix }
            | Self::Json { prefix }
            | Self::Geometry { prefix }
            | Self::Vector { prefix }
            | Self::PackedBlob { prefix } => return prefixed(row, prefix),
        };
        row.take(fixed)
    }

    /// Whether the log says of it if it is signed.
    pub(super) const fn is_numeric(self) -> bool {
        matches!(self, Self::Integer(_) | Self::Float | Self::Double | Self::Decimal { .. } | Self::Year)
    }

    /// Whether it holds text, or bytes like text.
    pub(super) const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Char { .. }
                | Self::Varchar { .. }
                | Self::Blob { .. }
                | Self::PackedVarchar { .. }
                | Self::PackedBlob { .. }
        )
    }

    /// Whether the log names a collation for it. Other types are blobs inside, too, and not the same ones on both.
    pub(super) const fn has_collation(self, flavour: Flavour) -> bool {
        match (self, flavour) {
            (Self::Geometry { .. }, Flavour::MariaDb) | (Self::Vector { .. }, Flavour::MySql) => true,
            _ => self.is_text(),
        }
    }
}

fn prefixed<'a>(row: &mut Reader<'a>, prefix: usize) -> Result<&'a [u8]> {
    let length = usize::try_from(row.little(prefix)?).map_err(|_| row.short())?;
    row.take(length)
}

/// CHAR, BINARY, ENUM and SET share a number. Two bits of a long CHAR's length hide in the type that is named inside.
fn string(meta: &mut Reader<'_>) -> Result<Type> {
    let (named, low) = (meta.u8()?, usize::from(meta.u8()?));
    match named {
        247 if matches!(low, 1 | 2) => Ok(Type::Enum { bytes: low }),
        248 if matches!(low, 1..=8) => Ok(Type::Set { bytes: low }),
        _ if named | 0x30 == 254 => Ok(Type::Char { length: low | usize::from((named & 0x30) ^ 0x30) << 4 }),
        _ => Err(meta.wrong()),
    }
}

/// Two digits behind the second take a byte.
pub(super) const fn fraction_bytes(digits: u8) -> usize {
    (digits as usize).div_ceil(2)
}

/// Nine digits take four bytes, fewer take fewer.
pub(super) const fn decimal_bytes(digits: usize) -> usize {
    digits / 9 * 4 + (digits % 9).div_ceil(2)
}
