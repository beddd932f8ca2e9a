-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE sensor (code varchar(100) PRIMARY KEY);
CREATE TABLE reading (
  id int PRIMARY KEY,
  sensor varchar(100),
  share float,
  score double,
  FOREIGN KEY (sensor) REFERENCES sensor (code) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO sensor WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6) SELECT 'sensor ' || n FROM n;
INSERT INTO reading WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 19)
  SELECT n, CASE WHEN n % 5 > 0 THEN 'sensor ' || (n % 5) END, n / 4.0, n / 8.0 FROM n;
INSERT INTO reading VALUES (30, 'sensor 3', NULL, NULL), (31, 'sensor 5', 0.1, -0e0), (32, 'sensor 5', 0.7, 0.125);
