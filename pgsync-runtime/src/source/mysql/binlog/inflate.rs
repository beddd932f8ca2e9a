//! What servers compress. In: the body of a compressed event. Out: the bytes in it, exactly as many as it says; never more
//! memory than was announced.

use super::bytes::Reader;
use super::refusal::{Refusal, Result};
use std::io::Read;

/// What one event may become: the largest packet of the protocol.
const LIMIT: u64 = 1 << 30;

/// The events of a compressed transaction of MySQL.
pub(super) fn payload(body: &[u8]) -> Result<Vec<u8>> {
    const WHAT: &str = "a compressed transaction";
    let mut reader = Reader::new(body, WHAT);
    let (mut size, mut method, mut uncompressed) = (None, None, None);
    loop {
        let field = reader.packed()?;
        if field == 0 {
            break;
        }
        let mut value = Reader::new(reader.packed_bytes()?, WHAT);
        match field {
            1 => size = Some(value.packed_length()?),
            2 => method = Some(value.packed()?),
            3 => uncompressed = Some(value.packed()?),
            _ => return Err(reader.wrong()),
        }
        value.end()?;
    }
    let compressed = reader.rest();
    let (Some(size), Some(method)) = (size, method) else { return Err(Refusal::Content(WHAT)) };
    if size != compressed.len() {
        return Err(Refusal::Length(WHAT));
    }
    match (method, uncompressed) {
        (255, _) => Ok(compressed.to_vec()),
        (0, Some(announced)) => {
            let decoder = zstd::stream::read::Decoder::new(compressed).map_err(|_| Refusal::Content(WHAT))?;
            exactly(decoder, announced, WHAT)
        }
        _ => Err(Refusal::Content(WHAT)),
    }
}

/// What MariaDB compressed: a byte with the method and the length of the length, the length, a zlib stream.
pub(super) fn deflated(body: &[u8], what: &'static str) -> Result<Vec<u8>> {
    let mut reader = Reader::new(body, what);
    let head = reader.u8()?;
    let method = head >> 4 & 0x07;
    let length = usize::from(head & 0x07);
    if head & 0x80 == 0 || method != 0 || length == 0 || length > 4 {
        return Err(reader.wrong());
    }
    let announced = reader.big(length)?;
    exactly(flate2::read::ZlibDecoder::new(reader.rest()), announced, what)
}

/// All that comes, which is as much as was announced.
fn exactly(from: impl Read, announced: u64, what: &'static str) -> Result<Vec<u8>> {
    if announced > LIMIT {
        return Err(Refusal::Length(what));
    }
    let mut bytes = Vec::new();
    from.take(announced + 1).read_to_end(&mut bytes).map_err(|_| Refusal::Content(what))?;
    if bytes.len() as u64 == announced { Ok(bytes) } else { Err(Refusal::Length(what)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn no_more_is_inflated_than_was_announced() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(&[7; 1000]).unwrap();
        let zlib = zlib.finish().unwrap();
        let with = |length: u16| [&[0x82][..], &length.to_be_bytes(), &zlib].concat();
        assert_eq!(deflated(&with(1000), "rows").unwrap(), [7; 1000]);
        assert_eq!(deflated(&with(999), "rows"), Err(Refusal::Length("rows")));
        assert_eq!(deflated(&with(1001), "rows"), Err(Refusal::Length("rows")));
        assert_eq!(deflated(&[0x92, 0, 1, 0], "rows"), Err(Refusal::Content("rows")));
        let whole = with(1000);
        for end in 0..whole.len() - 4 {
            assert!(deflated(&whole[..end], "rows").is_err(), "{end}");
        }
    }
}
