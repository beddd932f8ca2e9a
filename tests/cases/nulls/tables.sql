-- NULL wherever it may stand: columns, links, both columns of a link of two, either side of a join table.
-- features: 24, 25, 26, 27
CREATE TABLE region (a integer, b integer, name text, UNIQUE (a, b));
CREATE TABLE town (id integer PRIMARY KEY, name text, a integer, b integer, twin integer UNIQUE, CONSTRAINT of_a_b FOREIGN KEY (a, b) REFERENCES region (a, b)
  ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE shop (id integer PRIMARY KEY, town_twin integer REFERENCES town (twin) ON UPDATE CASCADE ON DELETE SET NULL, name text);
CREATE TABLE brand (id integer PRIMARY KEY, code integer UNIQUE, name text);
CREATE TABLE sells (shop_id integer REFERENCES shop ON UPDATE CASCADE ON DELETE SET NULL,
  brand_code integer REFERENCES brand (code) ON UPDATE CASCADE ON DELETE SET NULL);
