-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE article (
  id int PRIMARY KEY,
  title varchar(100),
  tags json,
  day date
);
INSERT INTO article WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'title ' || n, JSON_OBJECT('k', n), DATE '2021-01-01' + INTERVAL n DAY FROM n;
