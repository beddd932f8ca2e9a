-- The same tables and rows for MySQL and MariaDB. What citext is there is a collation here.
CREATE TABLE maker (id int PRIMARY KEY, name varchar(100));
CREATE TABLE product (id int PRIMARY KEY, name varchar(100), maker_id int, FOREIGN KEY (maker_id) REFERENCES maker (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */);
CREATE TABLE review (
  id int PRIMARY KEY,
  product_id int,
  user_id int,
  stars smallint,
  votes bigint,
  price decimal(10, 2),
  share float,
  score double,
  note varchar(80),
  handle varchar(80) COLLATE utf8mb4_general_ci,
  feeling enum('sour', 'calm', 'glad'),
  day date,
  at datetime(6),
  wait time(6),
  hidden boolean,
  FOREIGN KEY (product_id) REFERENCES product (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE label (id int PRIMARY KEY, name varchar(100), level smallint);
CREATE TABLE product_label (
  id int PRIMARY KEY,
  product_id int,
  label_id int,
  FOREIGN KEY (product_id) REFERENCES product (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (label_id) REFERENCES label (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO maker WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4) SELECT n, nullif('maker ' || n, 'maker 3') FROM n;
INSERT INTO product WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8) SELECT n, 'product ' || n, nullif(n % 4, 0) FROM n;
INSERT INTO review WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 27)
  SELECT n, nullif(n % 7, 0), n % 3, n % 5 + 1, n * 10000000000, n * 1.25, n / 4.0, n / 8.0, 'note ' || n,
    CASE n % 3 WHEN 0 THEN 'Handle' ELSE 'handle' || n END, ELT(n % 3 + 1, 'sour', 'calm', 'glad'), DATE '2026-01-01' + INTERVAL n % 20 DAY,
    TIMESTAMP '2026-01-01 12:00:00' + INTERVAL n HOUR, SEC_TO_TIME(28800 + n * 60), n % 4 = 0
  FROM n;
INSERT INTO review (id, product_id) VALUES (100, 7), (101, 7);
INSERT INTO review (id, product_id, stars, price) VALUES (102, 6, 5, 1.50), (103, 6, 5, 2.25);
INSERT INTO label WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6) SELECT n, 'label ' || (n % 4), nullif(n % 4, 0) FROM n;
INSERT INTO product_label VALUES (1, 1, 1), (2, 1, 1), (3, 1, 2), (4, 2, 3), (5, 3, NULL), (6, NULL, 1), (7, 2, 5), (8, 5, 6);
