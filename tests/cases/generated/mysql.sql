-- The same tables and rows for MySQL and MariaDB. A column of truth is a number to them; one of JSON shows true and false.
CREATE TABLE circle (
  id int PRIMARY KEY,
  radius decimal(8, 2),
  area decimal(20, 6) GENERATED ALWAYS AS (radius * radius * 3.14) STORED,
  name varchar(100)
);
CREATE TABLE mark (
  id int PRIMARY KEY,
  circle_id int,
  x int,
  y int,
  far json GENERATED ALWAYS AS (CASE x * x + y * y > 100 WHEN 1 THEN 'true' WHEN 0 THEN 'false' END) STORED,
  place varchar(100) GENERATED ALWAYS AS (CONCAT(x, ' ', y)) STORED,
  FOREIGN KEY (circle_id) REFERENCES circle (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO circle (id, radius, name) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, n / 2.0, 'circle ' || n FROM n;
INSERT INTO circle (id) VALUES (7);
INSERT INTO mark (id, circle_id, x, y) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 14)
  SELECT n, n % 6 + 1, n, n % 4 FROM n;
