//! Random changes of the library, from a seed. In: a session. Out: committed transactions, several statements each, on
//! several tables: inserts, updates, deletes, moves between parents, changed keys, join rows, cascades, TRUNCATE,
//! rolled-back work.

use crate::support::seed::Seed;
use tokio_postgres::Client;

/// Rows to begin with.
pub(super) const START: &str = "
  INSERT INTO publisher SELECT i, 'publisher ' || i, chr(65 + i % 26) || 'X' FROM generate_series(1, 20) i;
  INSERT INTO author SELECT i, 'author ' || i FROM generate_series(1, 60) i;
  INSERT INTO reader SELECT i, 'reader ' || i FROM generate_series(1, 50) i;
  INSERT INTO book SELECT 'isbn-' || i, 'title ' || i, i / 7.0, date '2000-01-01' + i, json_build_object('pages', i)::jsonb,
    CASE WHEN i % 11 > 0 THEN i % 20 + 1 END, 'note' FROM generate_series(1, 300) i;
  INSERT INTO book_author SELECT 'isbn-' || (i % 300 + 1), i % 60 + 1 FROM generate_series(1, 540) i ON CONFLICT DO NOTHING;
  INSERT INTO review SELECT i, 'isbn-' || (i % 300 + 1), i % 50 + 1, i % 5, 'body ' || i FROM generate_series(1, 900) i;
  INSERT INTO reply SELECT i, i % 900 + 1, 'reply ' || i FROM generate_series(1, 500) i;
";

/// One statement. `serial` makes new keys that were never used.
fn statement(seed: &mut Seed, serial: u64) -> String {
    let any = |table: &str, column: &str, seed: &mut Seed| {
        format!("(SELECT {column} FROM {table} ORDER BY md5({column}::text || '{}') LIMIT 1)", seed.below(1 << 30))
    };
    let book = any("book", "isbn", seed);
    let other_book = any("book", "isbn", seed);
    let author = any("author", "id", seed);
    let publisher = any("publisher", "id", seed);
    let reader = any("reader", "id", seed);
    let review = any("review", "id", seed);
    let n = seed.below(1000);
    match seed.below(100) {
        0..10 => format!("UPDATE book SET title = 'title {serial} \"\u{e9}\\' WHERE isbn = {book}"),
        10..14 => format!("UPDATE book SET publisher_id = {publisher} WHERE isbn = {book}"),
        14..16 => format!("UPDATE book SET publisher_id = NULL, price = {n}.5 WHERE isbn = {book}"),
        16..18 => format!("UPDATE book SET note = 'unused {serial}' WHERE isbn = {book}"),
        18..23 => format!(
            "INSERT INTO book VALUES ('new-{serial}', 'title {serial}', {n}.25, '2020-02-29', '{{\"pages\": {n}}}', {publisher}, '')"
        ),
        23..27 => format!("DELETE FROM book WHERE isbn = {book}"),
        27..31 => format!("UPDATE book SET isbn = 'moved-{serial}' WHERE isbn = {book}"),
        31..38 => format!("UPDATE author SET name = 'author {serial}' WHERE id = {author}"),
        38..41 => format!("UPDATE publisher SET name = 'publisher {serial}' WHERE id = {publisher}"),
        41..48 => format!("INSERT INTO book_author SELECT {book}, {author} ON CONFLICT DO NOTHING"),
        48..53 => format!("DELETE FROM book_author WHERE book_isbn = {book} AND author_id % 2 = {}", n % 2),
        53..57 => format!(
            "UPDATE book_author l SET book_isbn = {other_book} WHERE book_isbn = {book}
             AND NOT EXISTS (SELECT FROM book_author m WHERE m.book_isbn = {other_book} AND m.author_id = l.author_id)"
        ),
        57..60 => format!(
            "UPDATE book_author SET author_id = {author} WHERE (book_isbn, author_id) = (SELECT book_isbn, author_id FROM book_author
             WHERE book_isbn NOT IN (SELECT book_isbn FROM book_author WHERE author_id = {author}) ORDER BY 1, 2 LIMIT 1)"
        ),
        60..67 => format!("INSERT INTO review VALUES ({serial}, {book}, {reader}, {}, 'body {serial}')", n % 6),
        67..71 => format!("DELETE FROM review WHERE id = {review}"),
        71..76 => format!("UPDATE review SET book_isbn = {book} WHERE id = {review}"),
        76..80 => format!("UPDATE review SET stars = {}, body = repeat('x', {n}) WHERE id = {review}", n % 6),
        80..83 => format!("UPDATE reader SET name = 'reader {serial}' WHERE id = {reader}"),
        83..88 => format!("INSERT INTO reply VALUES ({serial}, {review}, 'reply {serial}')"),
        88..91 => format!("UPDATE reply SET review_id = {review} WHERE id % 97 = {}", n % 97),
        91..93 => format!("DELETE FROM reply WHERE id % 89 = {}", n % 89),
        93..95 => format!("DELETE FROM author WHERE id = {author} AND id > 30"),
        95..97 => format!("INSERT INTO author VALUES ({serial}, 'author {serial}')"),
        97..99 => format!("DELETE FROM reader WHERE id = {reader} AND id > 25"),
        _ if n < 60 => "TRUNCATE reply".to_owned(),
        _ if n < 90 => "TRUNCATE review CASCADE".to_owned(),
        _ => format!("UPDATE book SET price = price + 1 WHERE isbn < {book}"),
    }
}

/// Runs one transaction of one to five statements. Returns how many statements it committed.
pub(super) async fn transaction(client: &Client, seed: &mut Seed, serial: &mut u64) -> u64 {
    let count = 1 + seed.below(5);
    let mut sql = String::from("BEGIN;");
    for position in 0..count {
        *serial += 1;
        let statement = statement(seed, *serial);
        if position > 0 && seed.below(8) == 0 {
            // Work of a subtransaction, sometimes thrown away.
            let end = if seed.below(2) == 0 { "ROLLBACK TO SAVEPOINT s" } else { "RELEASE SAVEPOINT s" };
            sql.push_str(&format!("SAVEPOINT s; {statement}; {end};"));
        } else {
            sql.push_str(&statement);
            sql.push(';');
        }
    }
    let committed = seed.below(20) > 0;
    sql.push_str(if committed { "COMMIT" } else { "ROLLBACK" });
    client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    if committed { count } else { 0 }
}
