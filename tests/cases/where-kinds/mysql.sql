-- The same tables and rows for MySQL and MariaDB. What citext is there is a collation here, and an array is JSON.
CREATE TABLE author (
  code varchar(100) PRIMARY KEY,
  handle varchar(100) COLLATE utf8mb4_general_ci,
  state enum('open', 'closed') NOT NULL,
  born date,
  "long" longtext,
  length int GENERATED ALWAYS AS (char_length(code)) STORED
);
CREATE TABLE book (code varchar(100) PRIMARY KEY, title varchar(100), tags json, price decimal(20, 4));
CREATE TABLE book_author (
  book varchar(100),
  author varchar(100),
  PRIMARY KEY (book, author),
  FOREIGN KEY (book) REFERENCES book (code) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (author) REFERENCES author (code) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE line (
  author varchar(100),
  number int,
  body varchar(100),
  PRIMARY KEY (author, number),
  FOREIGN KEY (author) REFERENCES author (code) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO author (code, handle, state, born, "long") WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT 'a' || repeat('x', n % 3) || n, CASE n % 3 WHEN 0 THEN 'Ann' WHEN 1 THEN 'aNN' ELSE 'bob' END,
    CASE n % 2 WHEN 0 THEN 'open' ELSE 'closed' END, DATE '1990-01-01' + INTERVAL n * 400 DAY,
    CASE n % 2 WHEN 0 THEN NULL ELSE repeat(SHA2(n, 256), 150) END FROM n;
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT 'b' || n, 'title ' || n, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN '["new", "old"]' ELSE '["it''s"]' END, n * 1.5 FROM n;
INSERT INTO book_author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 24)
  SELECT DISTINCT 'b' || (n % 10 + 1), a.code FROM n JOIN author a ON a.code LIKE '%' || (n * 3 % 8 + 1);
INSERT INTO line SELECT code, n.n, CASE n.n WHEN 2 THEN '10% off' ELSE 'line ' || n.n END
  FROM author JOIN (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) n;
