-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE shop (id int PRIMARY KEY, name varchar(100), deletedAt datetime(6));
CREATE TABLE item (
  id int PRIMARY KEY,
  shop_id int,
  name varchar(100),
  kind varchar(100),
  doc json,
  removed boolean,
  FOREIGN KEY (shop_id) REFERENCES shop (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE tag (id int PRIMARY KEY, name varchar(100), level int);
CREATE TABLE item_tag (
  item_id int,
  tag_id int,
  PRIMARY KEY (item_id, tag_id),
  FOREIGN KEY (item_id) REFERENCES item (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES tag (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE note (id int PRIMARY KEY, item_id int, body varchar(100), FOREIGN KEY (item_id) REFERENCES item (id) ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO shop WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, 'shop ' || n, CASE WHEN n % 3 = 0 THEN TIMESTAMP '2024-01-01 00:00:00' END FROM n;
INSERT INTO item WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 24)
  SELECT n, nullif(n % 9, 0), 'item ' || n, 'kind ' || (n % 3),
    CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '{"state": "hidden"}' WHEN 2 THEN '{"state": "open"}' ELSE '{}' END,
    CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END FROM n;
INSERT INTO tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'tag ' || n, nullif(n % 4, 0) FROM n;
INSERT INTO item_tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40)
  SELECT DISTINCT n * 5 % 24 + 1, n % 6 + 1 FROM n;
INSERT INTO note WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20)
  SELECT n, nullif(n % 12, 0) + 1, CASE n % 3 WHEN 0 THEN NULL ELSE 'note ' || n END FROM n;
