-- Stored generated columns, shown of the root, of a child that shows nothing else, and as a scalar.
-- features: 23
-- least: 12
CREATE TABLE circle (
  id integer PRIMARY KEY,
  radius numeric(8, 2),
  area numeric GENERATED ALWAYS AS (radius * radius * 3.14) STORED,
  name text
);
CREATE TABLE mark (
  id integer PRIMARY KEY,
  circle_id integer REFERENCES circle ON UPDATE CASCADE ON DELETE CASCADE,
  x integer, y integer,
  far boolean GENERATED ALWAYS AS (x * x + y * y > 100) STORED,
  place text GENERATED ALWAYS AS (x::text || ' ' || y::text) STORED
);
