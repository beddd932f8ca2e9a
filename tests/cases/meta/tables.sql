-- `_meta`: keys of the rows that a document shows, of its join tables too; a table at two places, a key of two columns, a child
-- without a key, one that is flattened, a to-one child that several parents share.
-- features: 48
CREATE TABLE publisher (id integer PRIMARY KEY, name text);
CREATE TABLE book (
  isbn text PRIMARY KEY, title text,
  publisher_id integer REFERENCES publisher ON UPDATE CASCADE ON DELETE SET NULL,
  first_id integer CONSTRAINT first REFERENCES publisher ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE author (id integer PRIMARY KEY, name text);
CREATE TABLE book_author (
  id integer PRIMARY KEY,
  isbn text REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  author_id integer REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE chapter (
  isbn text REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE, number integer, heading text,
  PRIMARY KEY (isbn, number)
);
CREATE TABLE mark (author_id integer REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE, stars integer);
