//! Character sets. In: a collation's number and bytes of a value. Out: the value in UTF-8, or that it cannot be told: a text
//! that is decoded nearly right would look a key up that nobody has.

use encoding_rs::{
    EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_13, KOI8_R, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1256, WINDOWS_1257,
};
use std::borrow::Cow;

/// How bytes are read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Charset {
    /// No text at all.
    Binary,
    Utf8,
    /// Four bytes a character, the highest first.
    Utf32,
    Other(&'static Encoding),
}

impl Charset {
    /// The one of a collation. The numbers are those of both families; they never meant two things.
    pub(super) fn of(collation: u64) -> Option<Self> {
        let other = match collation {
            63 => return Some(Self::Binary),
            // utf8mb4, utf8mb3, ascii.
            45 | 46 | 224..=247 | 255..=323 | 608..=610 | 1069 | 1070 | 1248 | 1270 | 2304..=2503 => {
                return Some(Self::Utf8);
            }
            33 | 76 | 83 | 192..=223 | 576..=578 | 1057 | 1107 | 1216 | 1238 | 2048..=2247 => return Some(Self::Utf8),
            11 | 65 | 1035 | 1089 => return Some(Self::Utf8),
            60 | 61 | 160..=183 | 736..=738 | 1084 | 1085 | 1184 | 1206 | 3072..=3271 => return Some(Self::Utf32),
            // ucs2 and utf16.
            35 | 90 | 128..=151 | 159 | 640..=642 | 1059 | 1114 | 1152 | 1174 | 2560..=2759 => UTF_16BE,
            54 | 55 | 101..=124 | 672..=674 | 1078 | 1079 | 1125 | 1147 | 2816..=3015 => UTF_16BE,
            56 | 62 | 1080 | 1086 => UTF_16LE,
            // What they call latin1 is that of Windows.
            5 | 8 | 15 | 31 | 47..=49 | 94 | 1032 | 1071 => WINDOWS_1252,
            2 | 9 | 21 | 27 | 77 | 1033 | 1101 => ISO_8859_2,
            20 | 41 | 42 | 79 | 1065 | 1103 => ISO_8859_13,
            26 | 34 | 44 | 66 | 99 | 1050 | 1090 => WINDOWS_1250,
            14 | 23 | 50..=52 | 1074 | 1075 => WINDOWS_1251,
            57 | 67 | 1081 | 1091 => WINDOWS_1256,
            29 | 58 | 59 | 1082 | 1083 => WINDOWS_1257,
            7 | 74 | 1031 | 1098 => KOI8_R,
            95 | 96 | 1119 | 1120 => SHIFT_JIS,
            28 | 87 | 1052 | 1111 => GBK,
            19 | 85 | 1043 | 1109 => EUC_KR,
            _ => return None,
        };
        Some(Self::Other(other))
    }

    /// The text of a value. None where the bytes are not of this set.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Binary => None,
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Utf32 => {
                let (characters, []) = bytes.as_chunks::<4>() else { return None };
                let text: Option<String> =
                    characters.iter().map(|bytes| char::from_u32(u32::from_be_bytes(*bytes))).collect();
                text.map(Cow::Owned)
            }
            Self::Other(encoding) => encoding.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded_or_refused() {
        let decode = |collation, bytes: &[u8]| {
            Charset::of(collation).and_then(|charset| charset.decode(bytes).map(Cow::into_owned))
        };
        assert_eq!(decode(8, b"M\xFCller \x80"), Some("Müller €".into()));
        assert_eq!(decode(255, "grün".as_bytes()), Some("grün".into()));
        assert_eq!(decode(255, b"\xFF"), None);
        assert_eq!(decode(54, b"\0g\0r\0\xFC\0n"), Some("grün".into()));
        assert_eq!(decode(60, b"\0\x01\xF6\0"), Some("\u{1F600}".into()));
        assert_eq!(decode(60, b"\0\0\0"), None);
        assert_eq!(decode(63, b"x"), None, "bytes are no text");
        // dec8, sjis, cp866, big5, gb18030: each is nearly another one, and servers differ in some characters.
        for collation in [3, 13, 36, 1, 248, 4000] {
            assert_eq!(Charset::of(collation), None, "{collation}");
        }
    }
}
