-- Parent and child of the same name in two schemas, and neither in `public`.
-- features: 39
CREATE SCHEMA upper_one;
CREATE SCHEMA "Lower One";
CREATE TABLE upper_one.thing (id integer PRIMARY KEY, name text);
CREATE TABLE "Lower One".thing (
  id integer PRIMARY KEY,
  thing_id integer REFERENCES upper_one.thing ON UPDATE CASCADE ON DELETE CASCADE,
  name text
);
