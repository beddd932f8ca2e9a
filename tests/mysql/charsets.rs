//! Text of every character set that is read from the log is what the server says it is.

use super::*;
use pgsync_runtime::internals::source::mysql::binlog;

/// Character set, and whether characters have one byte or two.
const CHARSETS: [(&str, usize); 13] = [
    ("latin1", 1),
    ("latin2", 1),
    ("latin7", 1),
    ("cp1250", 1),
    ("cp1251", 1),
    ("cp1256", 1),
    ("cp1257", 1),
    ("koi8r", 1),
    ("ascii", 1),
    ("ucs2", 2),
    ("cp932", 2),
    ("gbk", 2),
    ("euckr", 2),
];

#[tokio::test]
async fn what_is_decoded_is_what_the_server_converts() {
    let server = BinlogServer::start(Family::MySql, &[]);
    let mut session = session(&server).await;
    let mut wrong = Vec::new();
    for (charset, bytes) in CHARSETS {
        run(
            &mut session,
            &format!("CREATE TABLE {charset} (id INT PRIMARY KEY, v VARCHAR(4) CHARACTER SET {charset})"),
        )
        .await;
        let collation: u64 = session
            .query_first(format!("SELECT id FROM information_schema.collations WHERE character_set_name = '{charset}' AND is_default = 'Yes'"))
            .await
            .unwrap()
            .unwrap();
        let all: Vec<u32> = if bytes == 1 { (0..256).collect() } else { (0x8140..0x1_0000).collect() };
        for chunk in all.chunks(4000) {
            let width = 2 * bytes;
            let rows: Vec<String> = chunk.iter().map(|value| format!("({value}, X'{value:0width$X}')")).collect();
            run(&mut session, &format!("INSERT INTO {charset} VALUES {}", rows.join(","))).await;
        }
        // Bytes that are not of the character set were stored as nothing.
        let stored: Vec<(Vec<u8>, String)> = session
            .query(format!(
                "SELECT CAST(v AS BINARY), CONVERT(v USING utf8mb4) FROM {charset} WHERE LENGTH(v) = {bytes}"
            ))
            .await
            .unwrap();
        // A question mark stands for what the server itself cannot convert.
        let stored: Vec<_> = stored.into_iter().filter(|(value, text)| text != "?" || value.contains(&b'?')).collect();
        let mut read = 0;
        for (value, text) in &stored {
            match binlog::text(collation, value) {
                Some(found) if found == *text => read += 1,
                // Refused by the stream, by name: never a wrong text.
                None => {}
                Some(found) => wrong.push(format!("{charset} {value:02X?}: {found:?} and not {text:?}")),
            }
        }
        assert!(read * 10 >= stored.len() * 9, "{charset}: {read} of {}", stored.len());
    }
    assert!(wrong.is_empty(), "{} are wrong, such as {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
}
