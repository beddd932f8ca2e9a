-- Two foreign keys between the same two tables, each named by its columns, and the pair in which they refer to each other.
-- features: 35
CREATE TABLE person (id integer PRIMARY KEY, name text, favourite_id integer);
CREATE TABLE letter (
  id integer PRIMARY KEY,
  sender integer NOT NULL REFERENCES person ON UPDATE CASCADE ON DELETE CASCADE,
  receiver integer REFERENCES person ON UPDATE CASCADE ON DELETE SET NULL,
  text text
);
ALTER TABLE person ADD FOREIGN KEY (favourite_id) REFERENCES letter ON UPDATE CASCADE ON DELETE SET NULL
  DEFERRABLE INITIALLY DEFERRED;
