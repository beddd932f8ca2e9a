-- The short form: relations, labels and shapes that the catalogue leaves no choice about are not written.
-- features: 24, 25, 26, 27, 34
CREATE TABLE publisher (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE book (id integer PRIMARY KEY, title text, publisher_id integer NOT NULL REFERENCES publisher ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE author (id integer PRIMARY KEY, name text);
CREATE TABLE book_author (
  book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  author_id integer REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (book_id, author_id)
);
CREATE TABLE review (id integer PRIMARY KEY, book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE, body text);
