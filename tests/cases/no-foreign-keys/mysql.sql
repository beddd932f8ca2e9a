-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE species (
  id int PRIMARY KEY,
  name varchar(100),
  family varchar(100)
);
CREATE TABLE unit (
  id int PRIMARY KEY,
  species_name varchar(100),
  name varchar(100),
  cost int
);
CREATE TABLE structure (
  id int PRIMARY KEY,
  unit_id bigint,
  family varchar(100),
  name varchar(100)
);
INSERT INTO species WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'species ' || (n % 4), 'family ' || (n % 2) FROM n;
INSERT INTO species VALUES (9, NULL, NULL);
INSERT INTO unit WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, 'species ' || (n % 5), 'unit ' || n, n * 10 FROM n;
INSERT INTO unit VALUES (20, NULL, 'of no species', 0);
INSERT INTO structure WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 11)
  SELECT n, n % 10 + 1, 'family ' || (n % 3), 'structure ' || n FROM n;
