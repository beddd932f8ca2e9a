-- Keys and links of many types: uuid, date, numeric, float, interval, timestamps, boolean, bytea, character, arrays; `_id`
-- as PGSync writes it, and values that are equal and not spelled alike.
-- features: 37
-- mysql: no, most of its keys are of types that they do not have; tests/mysql/compiled.rs has keys of every type of theirs.
CREATE TABLE by_uuid (k uuid PRIMARY KEY, v text);
CREATE TABLE of_uuid (id integer PRIMARY KEY, k uuid REFERENCES by_uuid ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_date (k date PRIMARY KEY, v text);
CREATE TABLE of_date (id integer PRIMARY KEY, k date REFERENCES by_date ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_numeric (k numeric PRIMARY KEY, v text);
CREATE TABLE of_numeric (id integer PRIMARY KEY, k numeric REFERENCES by_numeric ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_moment (k timestamptz, b boolean, v text, PRIMARY KEY (k, b));
CREATE TABLE of_moment (
  id integer PRIMARY KEY, at timestamptz, b boolean,
  CONSTRAINT of_at_b FOREIGN KEY (at, b) REFERENCES by_moment ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE by_character (k char(4) PRIMARY KEY, v text);
CREATE TABLE of_character (id integer PRIMARY KEY, k varchar(6), c char(7) REFERENCES by_character ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_bytea (k bytea PRIMARY KEY, v text);
CREATE TABLE of_bytea (id integer PRIMARY KEY, k bytea REFERENCES by_bytea ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_small (k smallint PRIMARY KEY, v text);
CREATE TABLE of_small (id integer PRIMARY KEY, k bigint REFERENCES by_small ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_float (k float8 PRIMARY KEY, v text);
CREATE TABLE of_float (id integer PRIMARY KEY, k float8 REFERENCES by_float ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_interval (k interval PRIMARY KEY, v text);
CREATE TABLE of_interval (id integer PRIMARY KEY, k interval REFERENCES by_interval ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE by_list (k integer[] PRIMARY KEY, v text);
