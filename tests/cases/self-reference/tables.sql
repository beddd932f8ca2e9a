-- A table under itself, upwards as one and downwards as many, three levels of it.
-- features: 42
CREATE TABLE person (
  id integer PRIMARY KEY,
  name text,
  parent_id integer REFERENCES person ON UPDATE CASCADE ON DELETE SET NULL
);
