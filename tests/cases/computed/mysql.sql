-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE customer (id int PRIMARY KEY, first_name varchar(100), lastName varchar(100), born date, doc json);
CREATE TABLE invoice (
  id int PRIMARY KEY,
  customer_id int,
  amount decimal(10, 2),
  vat decimal(4, 2),
  pieces int,
  paid boolean,
  FOREIGN KEY (customer_id) REFERENCES customer (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE address (
  customer_id int PRIMARY KEY,
  street varchar(100),
  town varchar(100),
  FOREIGN KEY (customer_id) REFERENCES customer (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE tag (id int PRIMARY KEY, name varchar(100), level smallint);
CREATE TABLE customer_tag (
  customer_id int,
  tag_id int,
  PRIMARY KEY (customer_id, tag_id),
  FOREIGN KEY (customer_id) REFERENCES customer (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES tag (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO customer WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, nullif('first ' || n, 'first 3'), 'last ' || n, DATE '1970-01-01' + INTERVAL n * 400 DAY,
    CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '{"plan": "gold"}' ELSE '{"plan": 7}' END FROM n;
INSERT INTO invoice WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 24)
  SELECT n, nullif(n % 9, 0), n * 1.25, CASE n % 4 WHEN 0 THEN NULL ELSE n % 4 END, n % 5, n % 3 = 0 FROM n;
INSERT INTO address WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'street ' || n, CASE WHEN n % 2 = 0 THEN 'town ' || n END FROM n;
INSERT INTO tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'tag ' || n, nullif(n % 4, 0) FROM n;
INSERT INTO customer_tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20)
  SELECT DISTINCT n * 3 % 8 + 1, n % 6 + 1 FROM n;
