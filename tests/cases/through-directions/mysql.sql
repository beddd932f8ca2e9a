-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE supplier (
  code varchar(100) PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE region (
  country int NOT NULL,
  number int NOT NULL,
  supplier varchar(100),
  second varchar(100),
  PRIMARY KEY (country, number),
  FOREIGN KEY (supplier) REFERENCES supplier (code) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (second) REFERENCES supplier (code) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE store (
  id int PRIMARY KEY,
  name varchar(100),
  region int,
  country int,
  CONSTRAINT store_region FOREIGN KEY (country, region) REFERENCES region (country, number) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE warehouse (
  id int PRIMARY KEY,
  name varchar(100),
  region int,
  country int,
  CONSTRAINT warehouse_region FOREIGN KEY (country, region) REFERENCES region (country, number) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO supplier VALUES ('A', 'Ada'), ('B', 'Bob'), ('C', NULL);
INSERT INTO region VALUES (1, 1, 'A', 'B'), (1, 2, 'A', NULL), (2, 1, NULL, 'A'), (3, 1, 'B', 'B');
INSERT INTO store VALUES (1, 'one', 1, 1), (2, 'two', 1, 1), (3, 'three', 2, 1), (4, NULL, 1, NULL), (5, 'five', 1, 3);
INSERT INTO warehouse VALUES (10, 'w10', 1, 1), (11, 'w11', 1, 1), (12, 'w12', 1, 2), (13, NULL, NULL, NULL), (14, 'w14', 1, 3);
