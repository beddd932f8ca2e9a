-- Fields of to-one children among those of their parent, through two levels, with to-many children below; and empty arrays
-- where no row belongs to a parent.
-- features: 24, 25, 26, 49
CREATE TABLE country (code text PRIMARY KEY, name text);
CREATE TABLE publisher (
  id integer PRIMARY KEY, name text NOT NULL,
  country text REFERENCES country ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE office (
  id integer PRIMARY KEY, street text,
  publisher integer REFERENCES publisher ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE book (
  id integer PRIMARY KEY, title text,
  publisher integer REFERENCES publisher ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE tag (id integer PRIMARY KEY, name text);
CREATE TABLE book_tag (
  book integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  tag integer REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (book, tag)
);
CREATE TABLE page (
  id integer PRIMARY KEY, words integer,
  book integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE
);
