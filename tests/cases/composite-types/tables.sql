-- Composite types, one within another and in arrays, and a range type of the user's own.
-- features: 23
-- mysql: no, they have no composite types and no ranges.
CREATE TYPE place AS (street text, number integer);
CREATE TYPE address AS (place place, town text, lines text[]);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE person (id integer PRIMARY KEY, home address, places place[], awake span);
CREATE TABLE visit (id integer PRIMARY KEY, person_id integer REFERENCES person ON UPDATE CASCADE ON DELETE CASCADE, at place);
