-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE region (
  a int,
  b int,
  name varchar(100),
  UNIQUE (a, b)
);
CREATE TABLE town (
  id int PRIMARY KEY,
  name varchar(100),
  a int,
  b int,
  twin int UNIQUE,
  CONSTRAINT of_a_b FOREIGN KEY (a, b) REFERENCES region (a, b) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE shop (
  id int PRIMARY KEY,
  town_twin int,
  name varchar(100),
  FOREIGN KEY (town_twin) REFERENCES town (twin) ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE brand (
  id int PRIMARY KEY,
  code int UNIQUE,
  name varchar(100)
);
CREATE TABLE sells (
  shop_id int,
  brand_code int,
  FOREIGN KEY (shop_id) REFERENCES shop (id) ON UPDATE CASCADE ON DELETE SET NULL,
  FOREIGN KEY (brand_code) REFERENCES brand (code) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
INSERT INTO region VALUES (1, 1, 'one'), (1, 2, NULL), (NULL, 1, 'a is null'), (1, NULL, 'b is null'), (NULL, NULL, 'both');
INSERT INTO town VALUES (1, 'a', 1, 1, 1), (2, NULL, 1, 2, 2), (3, 'c', NULL, 1, NULL), (4, 'd', 1, NULL, NULL), (5, NULL, NULL, NULL, NULL), (6, 'f', 1, 1, 6);
INSERT INTO shop VALUES (1, 1, 'one'), (2, 1, NULL), (3, NULL, 'three'), (4, 2, NULL), (5, 6, 'five');
INSERT INTO brand VALUES (1, 1, 'one'), (2, NULL, 'no code'), (3, 3, NULL);
INSERT INTO sells VALUES (1, 1), (1, 3), (NULL, 1), (2, NULL), (NULL, NULL), (4, 3);
