-- Arrays of many types, of several dimensions, empty, with NULL in them and with another first index.
-- features: 31
-- mysql: no, they have no arrays.
CREATE TYPE colour AS ENUM ('red', 'light blue', 'a "b"');
CREATE TABLE listed (
  id integer PRIMARY KEY,
  integers integer[], texts text[], numbers numeric[], flags boolean[], days date[], moments timestamptz[],
  documents jsonb[], ids uuid[], colours colour[], floats float8[], names varchar(10)[], ranges int4range[]
);
CREATE TABLE tagged (id integer PRIMARY KEY, listed_id integer REFERENCES listed ON UPDATE CASCADE ON DELETE CASCADE, tags text[]);
