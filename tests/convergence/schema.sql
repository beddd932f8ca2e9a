CREATE TABLE publisher (id integer PRIMARY KEY, name text NOT NULL, country char(2));
CREATE TABLE author (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE reader (id integer PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE book (
  isbn text PRIMARY KEY,
  title text,
  price numeric(12, 4),
  published date,
  details jsonb,
  publisher_id integer REFERENCES publisher,
  note text
);
CREATE TABLE book_author (
  book_isbn text NOT NULL REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  author_id integer NOT NULL REFERENCES author ON DELETE CASCADE,
  PRIMARY KEY (book_isbn, author_id)
);
CREATE TABLE review (
  id bigint PRIMARY KEY,
  book_isbn text REFERENCES book ON UPDATE CASCADE ON DELETE SET NULL,
  reader_id integer REFERENCES reader ON DELETE SET NULL,
  stars smallint,
  body text
);
CREATE TABLE reply (
  id bigint PRIMARY KEY,
  review_id bigint NOT NULL REFERENCES review ON DELETE CASCADE,
  body text
);
CREATE INDEX ON book (publisher_id);
CREATE INDEX ON book_author (author_id);
CREATE INDEX ON review (book_isbn);
CREATE INDEX ON review (reader_id);
CREATE INDEX ON reply (review_id);
