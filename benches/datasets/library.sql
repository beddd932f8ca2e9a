-- 200,000 books at scale 1: publisher, authors with country through a join table, reviews with readers. Three levels,
-- about 1.3 KB a document. `note`, `helpful` and the table `loan` are in no document.
CREATE TABLE country (id integer PRIMARY KEY, code text NOT NULL, name text NOT NULL);
CREATE TABLE publisher (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL);
CREATE TABLE author (id integer PRIMARY KEY, name text NOT NULL, born integer NOT NULL, country_id integer NOT NULL);
CREATE TABLE reader (id integer PRIMARY KEY, name text NOT NULL, since date NOT NULL);
CREATE TABLE book (
  id integer PRIMARY KEY, isbn text NOT NULL, title text NOT NULL, description text NOT NULL, language text NOT NULL,
  pages integer NOT NULL, price numeric(8, 2) NOT NULL, published date NOT NULL, in_stock boolean NOT NULL,
  added timestamptz NOT NULL, publisher_id integer NOT NULL, note text
);
CREATE TABLE book_author (id integer PRIMARY KEY, book_id integer NOT NULL, author_id integer NOT NULL);
CREATE TABLE review (
  id integer PRIMARY KEY, book_id integer NOT NULL, reader_id integer NOT NULL, stars smallint NOT NULL, body text NOT NULL,
  written timestamptz NOT NULL, helpful integer NOT NULL DEFAULT 0
);
CREATE TABLE loan (id integer PRIMARY KEY, book_id integer NOT NULL, until date);

INSERT INTO country SELECT n, 'C' || n, initcap(split_part(text, ' ', 1)) || 'land ' || n FROM sentence, generate_series(1, 200) n WHERE sentence.id = n;
INSERT INTO publisher SELECT n, initcap(split_part(text, ' ', 2)) || ' Press ' || n, initcap(split_part(text, ' ', 3))
FROM generate_series(1, 2000) n JOIN sentence ON sentence.id = pick(n, 1, 4096);
INSERT INTO author SELECT n, initcap(split_part(text, ' ', 4)) || ' ' || initcap(split_part(text, ' ', 5)) || ' ' || n,
  1850 + pick(n, 2, 150), 1 + pick(n, 3, 200) FROM generate_series(1, 50000) n JOIN sentence ON sentence.id = pick(n, 4, 4096);
INSERT INTO reader SELECT n, initcap(split_part(text, ' ', 6)) || ' ' || n, date '2010-01-01' + pick(n, 5, 5000)::integer
FROM generate_series(1, 100000) n JOIN sentence ON sentence.id = pick(n, 6, 4096);

INSERT INTO book SELECT n, '978' || lpad(n::text, 10, '0'),
  initcap(split_part(said(pick(n, 10, 4096)), ' ', 1)) || ' of the ' || split_part(said(pick(n, 11, 4096)), ' ', 2) || ' ' || n,
  said(pick(n, 12, 4096)) || '. ' || said(pick(n, 13, 4096)) || '. ' || said(pick(n, 14, 4096)) || '. '
    || said(pick(n, 15, 4096)) || '. ' || said(pick(n, 16, 4096)),
  ('{en,de,fr,ja,es}'::text[])[1 + pick(n, 17, 5)], 80 + pick(n, 18, 900), (100 + pick(n, 19, 9900)) / 100.0,
  date '1950-01-01' + pick(n, 20, 27000)::integer, pick(n, 21, 4) > 0, timestamptz '2020-01-01' + pick(n, 22, 150000000) * interval '1 second',
  1 + pick(n, 23, 2000), said(pick(n, 24, 4096))
FROM generate_series(1, :rows) n;
INSERT INTO book_author SELECT (n - 1) * 2 + k, n, 1 + (pick(n, 30, 50000) + (k - 1) * 7) % 50000
FROM generate_series(1, :rows) n, generate_series(1, 2) k WHERE k = 1 OR pick(n, 31, 3) = 0;
INSERT INTO review SELECT (n - 1) * 3 + k, n, 1 + pick(n, 40 + k, 100000), 1 + pick(n, 50 + k, 5), said(pick(n, 60 + k, 4096)),
  timestamptz '2021-01-01' + pick(n, 70 + k, 100000000) * interval '1 second', 0
FROM generate_series(1, :rows) n, generate_series(1, 3) k;
INSERT INTO loan SELECT n, n, date '2024-01-01' + pick(n, 80, 700)::integer FROM generate_series(1, :rows) n;

ALTER TABLE author ADD FOREIGN KEY (country_id) REFERENCES country;
ALTER TABLE book ADD FOREIGN KEY (publisher_id) REFERENCES publisher;
ALTER TABLE book_author ADD FOREIGN KEY (book_id) REFERENCES book, ADD FOREIGN KEY (author_id) REFERENCES author;
ALTER TABLE review ADD FOREIGN KEY (book_id) REFERENCES book, ADD FOREIGN KEY (reader_id) REFERENCES reader;
ALTER TABLE loan ADD FOREIGN KEY (book_id) REFERENCES book;
CREATE INDEX ON author (country_id);
CREATE INDEX ON book (publisher_id);
CREATE INDEX ON book_author (book_id);
CREATE INDEX ON book_author (author_id);
CREATE INDEX ON review (book_id);
CREATE INDEX ON review (reader_id);
CREATE INDEX ON loan (book_id);
CREATE SEQUENCE bench;
