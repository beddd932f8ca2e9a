//! The rows of the demo besides those of the example: the same at each run.

/// How many books there are in all.
pub(crate) const BOOKS: u64 = 3003;

/// Publishers, authors, readers, books, who wrote them, reviews.
pub(crate) const ROWS: &str = "
  INSERT INTO publisher (name, country) SELECT 'Publisher ' || i, 'GB' FROM generate_series(1, 50) i;
  INSERT INTO author (name) SELECT 'Author ' || i FROM generate_series(1, 400) i;
  INSERT INTO reader (name) SELECT 'Reader ' || i FROM generate_series(1, 500) i;
  INSERT INTO book (isbn, title, type, price, published, added, details, tags, publisher_id)
    SELECT '9' || lpad(i::text, 12, '0'), 'Title ' || i, (enum_range(NULL::book_format))[i % 3 + 1], i / 100.0,
           date '1990-01-01' + i, timestamptz '2020-01-01 00:00:00+00' + i * interval '1 hour',
           json_build_object('pages', i % 900), ARRAY['tag ' || i % 7], i % 50 + 3
    FROM generate_series(1, 3000) i;
  INSERT INTO book_author SELECT '9' || lpad((i % 3000 + 1)::text, 12, '0'), i % 400 + 3 FROM generate_series(1, 4500) i
    ON CONFLICT DO NOTHING;
  INSERT INTO review (book_isbn, reader_id, stars, body)
    SELECT '9' || lpad((i % 3000 + 1)::text, 12, '0'), i % 500 + 3, i % 5 + 1, 'Review ' || i FROM generate_series(1, 8000) i;
";

/// The same library in the types of MySQL and MariaDB, tables and all.
pub(crate) const MYSQL: &str = include_str!("library.mysql.sql");
