-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE shop (id int PRIMARY KEY, name varchar(100));
CREATE TABLE kind (id int PRIMARY KEY, name varchar(100));
CREATE TABLE item (
  id int PRIMARY KEY,
  shop_id int,
  kind_id int,
  name varchar(100),
  removed boolean,
  FOREIGN KEY (shop_id) REFERENCES shop (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (kind_id) REFERENCES kind (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE tag (id int PRIMARY KEY, name varchar(100));
CREATE TABLE shop_tag (
  shop_id int,
  tag_id int,
  PRIMARY KEY (shop_id, tag_id),
  FOREIGN KEY (shop_id) REFERENCES shop (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES tag (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO shop WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'shop ' || n FROM n;
INSERT INTO kind WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'kind ' || n FROM n;
INSERT INTO item WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20)
  SELECT n, nullif(n % 7, 0), nullif(n % 4, 0), 'item ' || n, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN true ELSE false END FROM n;
INSERT INTO tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'tag ' || n FROM n;
INSERT INTO shop_tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 14)
  SELECT DISTINCT n * 5 % 6 + 1, n % 4 + 1 FROM n;
