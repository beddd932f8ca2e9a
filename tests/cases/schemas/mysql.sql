-- The same tables and rows for MySQL and MariaDB, where a schema is a database.
CREATE DATABASE IF NOT EXISTS upper_one CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS "Lower One" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE upper_one.thing (id int PRIMARY KEY, name varchar(100));
CREATE TABLE "Lower One".thing (
  id int PRIMARY KEY,
  thing_id int,
  name varchar(100),
  FOREIGN KEY (thing_id) REFERENCES upper_one.thing (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO upper_one.thing WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'upper ' || n FROM n;
INSERT INTO "Lower One".thing WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 11)
  SELECT n, nullif(n % 6, 0), 'lower ' || n FROM n;
