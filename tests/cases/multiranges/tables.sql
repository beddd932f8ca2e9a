-- Multiranges, arrays of ranges, a range as key and link, and `name`, which has a collation since version 12.
-- features: 23, 37
-- mysql: no, they have no ranges.
-- least: 14
CREATE TABLE room (
  during int4range PRIMARY KEY,
  name text,
  numbers int4multirange, days datemultirange, several numrange[], moments tstzmultirange
);
CREATE TABLE booking (id integer PRIMARY KEY, during int4range REFERENCES room ON UPDATE CASCADE ON DELETE CASCADE, days datemultirange, label name);
