-- Scalar children: one value, and an array of values, of the first column that is named.
-- features: 26, 30
CREATE TABLE kind (id integer PRIMARY KEY, name text, rank integer);
CREATE TABLE book (id integer PRIMARY KEY, title text, kind_id integer REFERENCES kind ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE price (
  book_id integer NOT NULL REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  day date,
  amount numeric,
  details jsonb,
  PRIMARY KEY (book_id, day)
);
