-- A to-one child as an object, with the foreign key on the parent and on the child.
-- features: 24, 34
CREATE TABLE publisher (id integer PRIMARY KEY, name text, country char(2));
CREATE TABLE book (
  id integer PRIMARY KEY,
  title text,
  publisher_id integer REFERENCES publisher ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE cover (
  id integer PRIMARY KEY,
  book_id integer UNIQUE REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  colour text
);
