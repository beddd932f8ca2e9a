-- Types of extensions as keys, links and columns: citext, whose equality is not that of its letters, hstore and isn.
-- features: 37, 47
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION isn SCHEMA ext;
CREATE TABLE member (mail ext.citext PRIMARY KEY, name text, attributes ext.hstore, place ext.citext, book ext.isbn13);
CREATE TABLE login (id integer PRIMARY KEY, mail ext.citext REFERENCES member ON UPDATE CASCADE ON DELETE CASCADE, place ext.citext);
CREATE TABLE area (place ext.citext PRIMARY KEY, label ext.citext);
