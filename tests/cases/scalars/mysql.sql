-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE kind (
  id int PRIMARY KEY,
  name varchar(100),
  "rank" int
);
CREATE TABLE book (
  id int PRIMARY KEY,
  title varchar(100),
  kind_id int,
  FOREIGN KEY (kind_id) REFERENCES kind (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE price (
  book_id int NOT NULL,
  day date,
  amount decimal(20,10),
  details json,
  PRIMARY KEY (book_id, day),
  FOREIGN KEY (book_id) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO kind WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'kind ' || n, n * n FROM n;
INSERT INTO kind VALUES (4, NULL, NULL);
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, 'book ' || n, nullif(n % 5, 0) FROM n;
INSERT INTO price WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 15)
  SELECT n % 7 + 1, DATE '2020-01-01' + INTERVAL n DAY, n / 4.0, JSON_OBJECT('n', n) FROM n;
INSERT INTO price VALUES (1, '2019-01-01', NULL, 'null');
