-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE country (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE city (
  id int PRIMARY KEY,
  name varchar(100),
  country_id int,
  FOREIGN KEY (country_id) REFERENCES country (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE street (
  id int PRIMARY KEY,
  name varchar(100),
  city_id int,
  FOREIGN KEY (city_id) REFERENCES city (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE owner (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE house (
  id int PRIMARY KEY,
  number varchar(100),
  street_id int,
  owner_id int,
  FOREIGN KEY (street_id) REFERENCES street (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (owner_id) REFERENCES owner (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE pet (
  id int PRIMARY KEY,
  name varchar(100),
  owner_id int,
  FOREIGN KEY (owner_id) REFERENCES owner (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE toy (
  id int PRIMARY KEY,
  name varchar(100),
  pet_id int,
  FOREIGN KEY (pet_id) REFERENCES pet (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO country WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'country ' || n FROM n;
INSERT INTO city WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'city ' || n, n % 3 + 1 FROM n;
INSERT INTO street WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, 'street ' || n, n % 5 + 1 FROM n;
INSERT INTO owner WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'owner ' || n FROM n;
INSERT INTO house WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, n || 'a', n % 8 + 1, nullif(n % 4, 0) FROM n;
INSERT INTO pet WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'pet ' || n, n % 3 + 1 FROM n;
INSERT INTO toy WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, 'toy ' || n, n % 5 + 1 FROM n;
