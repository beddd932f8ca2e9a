-- ltree as key, link and column: an extension's type whose operators stand in a schema that no session searches.
-- features: 37, 47
-- mysql: no, they have no such type.
-- least: 13
CREATE SCHEMA ext;
CREATE EXTENSION ltree SCHEMA ext;
CREATE TABLE category (path ext.ltree PRIMARY KEY, label text);
CREATE TABLE product (id integer PRIMARY KEY, name text, others ext.ltree[]);
CREATE TABLE filed (
  product_id integer REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE,
  path ext.ltree REFERENCES category ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (path, product_id)
);
CREATE TABLE note (id integer PRIMARY KEY, path ext.ltree, text text);
