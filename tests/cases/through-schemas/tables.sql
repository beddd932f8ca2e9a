-- Parent, child and join table in three schemas.
-- features: 39, 40
CREATE SCHEMA people;
CREATE SCHEMA joins;
CREATE TABLE book (id integer PRIMARY KEY, title text);
CREATE TABLE people.author (id integer PRIMARY KEY, name text);
CREATE TABLE joins.book_author (
  id integer PRIMARY KEY,
  book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  author_id integer REFERENCES people.author ON UPDATE CASCADE ON DELETE CASCADE
);
