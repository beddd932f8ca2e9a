-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE shop (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE sale (
  id int PRIMARY KEY,
  amount int,
  note varchar(100),
  day date,
  shop int,
  FOREIGN KEY (shop) REFERENCES shop (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE item (
  id int PRIMARY KEY,
  name varchar(100),
  price int
);
CREATE TABLE shop_item (
  shop int,
  item int,
  PRIMARY KEY (shop, item),
  FOREIGN KEY (shop) REFERENCES shop (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (item) REFERENCES item (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE part (
  id int PRIMARY KEY,
  name varchar(100),
  item int,
  FOREIGN KEY (item) REFERENCES item (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO shop WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'shop ' || n FROM n;
INSERT INTO sale WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 18)
  SELECT n, CASE WHEN n % 4 > 0 THEN n % 3 END, 'note ' || n, CASE WHEN n % 5 > 0 THEN DATE '2026-01-01' + INTERVAL n % 7 DAY END, n % 3 + 1 FROM n;
INSERT INTO item WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'item ' || n, CASE WHEN n % 3 > 0 THEN n % 2 END FROM n;
INSERT INTO shop_item WITH RECURSIVE s (s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM s WHERE s < 3), i (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < 6)
  SELECT s, i FROM s, i WHERE (s + i) % 4 > 0;
INSERT INTO part WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, 'part ' || n, n % 6 + 1 FROM n;
