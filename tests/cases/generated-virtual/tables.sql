-- A generated column of the root that is computed when it is read and stands in no log, over a child with a stored one.
-- features: 23
-- least: 18
CREATE TABLE parcel (
  id integer PRIMARY KEY,
  width integer, height integer,
  area integer GENERATED ALWAYS AS (width * height) VIRTUAL,
  name text
);
CREATE TABLE fence (
  id integer PRIMARY KEY,
  parcel_id integer REFERENCES parcel ON UPDATE CASCADE ON DELETE CASCADE,
  posts integer,
  length integer GENERATED ALWAYS AS (posts * 3) STORED
);
