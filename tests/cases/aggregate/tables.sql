-- What is made of all rows of a child: every function over the types that every database has, under `where`, behind a join table
-- that joins a row twice, behind another child, of a to-one child, of a table twice, of values that are all NULL.
-- features: 106
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE TYPE mood AS ENUM ('sour', 'calm', 'glad');
CREATE TABLE maker (id integer PRIMARY KEY, name text);
CREATE TABLE product (
  id integer PRIMARY KEY,
  name text,
  maker_id integer REFERENCES maker ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE review (
  id integer PRIMARY KEY,
  product_id integer REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE,
  user_id integer,
  stars smallint,
  votes bigint,
  price numeric(10, 2),
  share real,
  score double precision,
  note varchar(80),
  handle ext.citext,
  feeling mood,
  day date,
  at timestamp,
  wait time,
  hidden boolean
);
CREATE TABLE label (id integer PRIMARY KEY, name text, level smallint);
CREATE TABLE product_label (
  id integer PRIMARY KEY,
  product_id integer REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE,
  label_id integer REFERENCES label ON UPDATE CASCADE ON DELETE CASCADE
);
