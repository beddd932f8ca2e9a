//! Messages of `pgoutput` that are cut or spoilt are errors, never panics.

use pgsync_runtime::internals::source::postgres::pgoutput::{Message, decode};

/// Messages of every kind that holds a row, to be cut and spoilt.
fn samples() -> Vec<Vec<u8>> {
    let tuple = b"\0\x03nut\0\0\0\x02ab";
    let with = |head: &[u8], parts: &[&[u8]]| [head, &parts.concat()].concat();
    vec![
        with(b"B", &[&7_u64.to_be_bytes(), &8_i64.to_be_bytes(), &9_u32.to_be_bytes()]),
        with(b"C\0", &[&7_u64.to_be_bytes(), &8_u64.to_be_bytes(), &9_i64.to_be_bytes()]),
        with(b"I\0\0\0\x05N", &[tuple]),
        with(b"U\0\0\0\x05O", &[tuple, b"N", tuple]),
        with(b"U\0\0\0\x05N", &[tuple]),
        with(b"D\0\0\0\x05K", &[tuple]),
        with(b"T\0\0\0\x02\x03", &[&[0; 8]]),
        with(b"R\0\0\0\x05public\0t\0d\0\x01\x01id\0", &[&23_u32.to_be_bytes(), &[255; 4]]),
        with(b"Y\0\0\0\x05\0t\0", &[]),
        with(b"O", &[&7_u64.to_be_bytes(), b"name\0"]),
        with(b"M\x01", &[&7_u64.to_be_bytes(), b"prefix\0\0\0\0\x02ab"]),
    ]
}

#[test]
fn cut_messages_are_errors() {
    for sample in samples() {
        assert!(decode(&sample).is_ok(), "{}", sample.escape_ascii());
        for end in 0..sample.len() {
            assert!(decode(&sample[..end]).is_err(), "{} cut at {end}", sample.escape_ascii());
        }
        assert!(decode(&[sample.as_slice(), b"x"].concat()).is_err(), "something behind it");
    }
}

proptest::proptest! {
    #[test]
    fn spoilt_messages_never_panic(which in 0_usize..11, at in 0_usize..64, byte: u8, noise: Vec<u8>) {
        let mut sample = samples().swap_remove(which);
        let at = at % sample.len();
        sample[at] = byte;
        for payload in [sample, noise] {
            if let Ok(Message::Insert { new, .. } | Message::Update { new, .. }) = decode(&payload) {
                proptest::prop_assert_eq!(new.iter().count(), new.len());
            }
        }
    }
}
