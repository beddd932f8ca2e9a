-- What a catalogue of books has: three join tables, a table that is a join table and a child at once, a chain of to-one
-- relations, values of JSON, an explicit foreign key, and a mapping.
-- features: 21, 26, 27, 29, 32, 35, 49, 55, 56
-- modules: analysis-common
CREATE TABLE continent (id integer PRIMARY KEY, name text);
CREATE TABLE country (id integer PRIMARY KEY, name text, continent_id integer REFERENCES continent ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE publisher (id integer PRIMARY KEY, name text, is_active boolean);
CREATE TABLE book (
  isbn text PRIMARY KEY, title text, description text, copyright text, tags jsonb, doc jsonb,
  publisher_id integer REFERENCES publisher ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE author (
  id integer PRIMARY KEY, name text, born timestamp,
  country_id integer REFERENCES country ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE subject (id integer PRIMARY KEY, name text);
CREATE TABLE language (id integer PRIMARY KEY, code varchar(8));
CREATE TABLE rating (
  id integer PRIMARY KEY, value real,
  book_isbn text UNIQUE REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE book_author (
  id integer PRIMARY KEY,
  book_isbn text REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  author_id integer REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE,
  UNIQUE (book_isbn, author_id)
);
CREATE TABLE book_subject (
  id integer PRIMARY KEY,
  book_isbn text REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  subject_id integer REFERENCES subject ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE book_language (
  id integer PRIMARY KEY,
  book_isbn text REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  language_id integer REFERENCES language ON UPDATE CASCADE ON DELETE CASCADE
);
