-- What is made of all rows of a child, over types that PostgreSQL alone has and values that are no numbers.
-- features: 106
-- mysql: no, they have none of its types, nor numbers that are none.
CREATE TABLE place (id integer PRIMARY KEY, name text);
CREATE TABLE probe (
  id integer PRIMARY KEY,
  place_id integer REFERENCES place ON UPDATE CASCADE ON DELETE CASCADE,
  votes bigint,
  price numeric,
  share real,
  score double precision,
  code char(9),
  at timestamptz,
  address cidr,
  tags text[]
);
