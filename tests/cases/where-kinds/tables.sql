-- Conditions of every kind, on keys whose order is a collation's, over types of extensions, enums, arrays, generated columns
-- and values that are stored apart; a root whose key may change with what it is shown by.
-- features: 101
-- least: 12
CREATE EXTENSION citext;
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TABLE author (
  code text PRIMARY KEY,
  handle citext,
  state state NOT NULL,
  born date,
  long varchar,
  length integer GENERATED ALWAYS AS (length(code)) STORED
);
CREATE TABLE book (code text PRIMARY KEY, title text, tags text[], price numeric);
CREATE TABLE book_author (
  book text REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  author text REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (book, author)
);
CREATE TABLE line (
  author text REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE,
  number integer,
  body text,
  PRIMARY KEY (author, number)
);
