-- Each value of a to-many scalar once: as the database compares values, directly, behind a join table, below a child, in a table
-- that hangs on itself, under a key of two columns, with `where`, an order of its own and a limit.
-- features: 104
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE TABLE town (land integer, number integer, name text, PRIMARY KEY (land, number));
CREATE TABLE house (
  id integer PRIMARY KEY, street ext.citext, floors integer, built date, price numeric, gone boolean NOT NULL,
  land integer, number integer, beside integer REFERENCES house ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT house_town FOREIGN KEY (land, number) REFERENCES town ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE style (id integer PRIMARY KEY, name text, age integer);
CREATE TABLE house_style (
  house integer REFERENCES house ON UPDATE CASCADE ON DELETE CASCADE,
  style integer REFERENCES style ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (house, style)
);
