CREATE TYPE book_format AS ENUM ('hardcover', 'paperback', 'e-book');

CREATE TABLE publisher (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  country char(2)
);

CREATE TABLE author (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);

CREATE TABLE reader (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);

CREATE TABLE book (
  isbn text PRIMARY KEY,
  title text NOT NULL,
  type book_format NOT NULL,
  price numeric(8, 2),
  published date,
  added timestamptz NOT NULL,
  details jsonb,
  tags text[] NOT NULL DEFAULT '{}',
  publisher_id integer NOT NULL REFERENCES publisher
);

CREATE TABLE book_author (
  book_isbn text REFERENCES book ON DELETE CASCADE,
  author_id integer REFERENCES author ON DELETE CASCADE,
  PRIMARY KEY (book_isbn, author_id)
);

CREATE TABLE review (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  book_isbn text NOT NULL REFERENCES book ON DELETE CASCADE,
  reader_id integer REFERENCES reader ON DELETE SET NULL,
  stars smallint NOT NULL,
  body text
);

CREATE INDEX ON book (publisher_id);
CREATE INDEX ON book_author (author_id);
CREATE INDEX ON review (book_isbn);
CREATE INDEX ON review (reader_id);

COMMENT ON COLUMN book.price IS 'In euros; null where it is not for sale.';

INSERT INTO publisher (name, country) VALUES ('Harvill', 'GB'), ('Knopf', NULL);
INSERT INTO author (name) VALUES ('Haruki Murakami'), ('Philip Gabriel');
INSERT INTO reader (name) VALUES ('Ada'), ('Grace');
INSERT INTO book VALUES
  ('9780099458326', 'Kafka on the Shore', 'paperback', 10.99, '2005-10-06', '2024-02-29 12:00:00.5+00', '{"pages": 505}', '{novel,"cats, talking"}', 1),
  ('9780593318256', 'The City and Its Uncertain Walls', 'hardcover', 35.00, 'infinity', '2024-11-19 00:00:00+00', NULL, '{}', 2),
  ('0000000000000', 'Nobody wrote this', 'e-book', NULL, NULL, '0044-03-15 00:00:00+00 BC', '{}', '{}', 2);
INSERT INTO book_author VALUES ('9780099458326', 1), ('9780099458326', 2), ('9780593318256', 1), ('9780593318256', 2);
INSERT INTO review (book_isbn, reader_id, stars, body) VALUES
  ('9780099458326', 1, 5, E'Cats.\nAnd "fish".'), ('9780099458326', NULL, 3, NULL), ('9780593318256', 2, 4, 'Walls.');
