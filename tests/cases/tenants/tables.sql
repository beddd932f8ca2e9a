-- One document over several schemas: the same tables in each, one table that all share, and an index for each.
-- features: 39
CREATE TABLE language (code text PRIMARY KEY, name text);
CREATE SCHEMA acme;
CREATE TABLE acme.author (id integer PRIMARY KEY, name text);
CREATE TABLE acme.book (
  id integer PRIMARY KEY, title text,
  author_id integer REFERENCES acme.author ON UPDATE CASCADE ON DELETE CASCADE,
  language text REFERENCES language ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE SCHEMA tenant_1;
CREATE TABLE tenant_1.author (id integer PRIMARY KEY, name text);
CREATE TABLE tenant_1.book (
  id integer PRIMARY KEY, title text,
  author_id integer REFERENCES tenant_1.author ON UPDATE CASCADE ON DELETE CASCADE,
  language text REFERENCES language ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE SCHEMA tenant_2;
CREATE TABLE tenant_2.author (id integer PRIMARY KEY, name text);
CREATE TABLE tenant_2.book (
  id bigint PRIMARY KEY, isbn text, title text,
  author_id integer REFERENCES tenant_2.author ON UPDATE CASCADE ON DELETE CASCADE,
  language text REFERENCES language ON UPDATE CASCADE ON DELETE SET NULL
);
