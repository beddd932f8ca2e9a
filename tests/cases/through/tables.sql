-- Through tables: objects with children of their own, values, a to-one relation that is an array nevertheless, and one
-- join table without a key, in which the same pair may stand twice.
-- features: 27, 28, 67
CREATE TABLE publisher (id integer PRIMARY KEY, name text);
CREATE TABLE book (id integer PRIMARY KEY, title text);
CREATE TABLE author (id integer PRIMARY KEY, name text, publisher_id integer REFERENCES publisher ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE book_author (
  author_id integer REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE,
  book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (book_id, author_id)
);
CREATE TABLE subject (id integer PRIMARY KEY, name text);
CREATE TABLE book_subject (
  id integer PRIMARY KEY,
  book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  subject_id integer REFERENCES subject ON UPDATE CASCADE ON DELETE CASCADE,
  weight integer
);
CREATE TABLE shelf (id integer PRIMARY KEY, room text, place integer);
CREATE TABLE book_shelf (
  book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  shelf_id integer REFERENCES shelf ON UPDATE CASCADE ON DELETE CASCADE
);
