-- A to-many child as an array of objects, of a text key and with a label.
-- features: 25, 30, 34
CREATE TABLE book (isbn text PRIMARY KEY, title text);
CREATE TABLE review (
  id bigint PRIMARY KEY,
  isbn text REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  stars smallint NOT NULL DEFAULT 3,
  body text
);
