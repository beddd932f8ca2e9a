-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE ship (id int PRIMARY KEY, name varchar(100) NOT NULL UNIQUE, flag varchar(100));
CREATE TABLE cabin (id int PRIMARY KEY, ship_id int, number int NOT NULL, deck varchar(100), FOREIGN KEY (ship_id) REFERENCES ship (id) ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE passenger (
  id int PRIMARY KEY,
  code int NOT NULL UNIQUE,
  cabin_id int,
  name varchar(100),
  FOREIGN KEY (cabin_id) REFERENCES cabin (id) ON UPDATE CASCADE ON DELETE SET NULL
);
INSERT INTO ship WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'ship ' || n, 'flag ' || (n % 2) FROM n;
INSERT INTO cabin WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, n % 4 + 1, n * 10, 'deck ' || (n % 3) FROM n;
INSERT INTO passenger WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 11)
  SELECT n, n + 100, nullif(n % 9, 0), 'passenger ' || n FROM n;
