-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE thing (
  id int PRIMARY KEY,
  a varchar(100),
  b varchar(100),
  "size.width" int,
  "size.height" int
);
CREATE TABLE part (
  id int PRIMARY KEY,
  thing_id int,
  a varchar(100),
  b varchar(100),
  FOREIGN KEY (thing_id) REFERENCES thing (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE owner (
  id int PRIMARY KEY,
  thing_id int UNIQUE,
  a varchar(100),
  FOREIGN KEY (thing_id) REFERENCES thing (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO thing WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'a ' || n, 'b ' || n, n, n * 2 FROM n;
INSERT INTO part WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, n % 4 + 1, 'a ' || n, 'b ' || n FROM n;
INSERT INTO owner WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, n, 'a ' || n FROM n;
