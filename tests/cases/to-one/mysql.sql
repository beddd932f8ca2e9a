-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE publisher (
  id int PRIMARY KEY,
  name varchar(100),
  country char(2)
);
CREATE TABLE book (
  id int PRIMARY KEY,
  title varchar(100),
  publisher_id int,
  FOREIGN KEY (publisher_id) REFERENCES publisher (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE cover (
  id int PRIMARY KEY,
  book_id int UNIQUE,
  colour varchar(100),
  FOREIGN KEY (book_id) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO publisher WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'publisher ' || n, CHAR(64 + n USING utf8mb4) || 'X' FROM n;
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT n, 'book ' || n, nullif(n % 5, 0) FROM n;
INSERT INTO cover WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT n, n, 'colour ' || n FROM n;
INSERT INTO cover VALUES (8, NULL, 'of no book');
