-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE book (
  isbn varchar(100) PRIMARY KEY,
  title varchar(100)
);
CREATE TABLE review (
  id bigint PRIMARY KEY,
  isbn varchar(100),
  stars smallint NOT NULL DEFAULT 3,
  body varchar(100),
  FOREIGN KEY (isbn) REFERENCES book (isbn) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT 'isbn-' || n, 'book ' || n FROM n;
INSERT INTO review WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 16)
  SELECT 30 - n, 'isbn-' || (n % 7 + 1), n % 5, 'review ' || n FROM n;
INSERT INTO review VALUES (100, NULL, 1, 'of no book');
