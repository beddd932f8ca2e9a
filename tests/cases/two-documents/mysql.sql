-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE author (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE book (
  id int PRIMARY KEY,
  title varchar(100),
  pages int,
  author_id int,
  FOREIGN KEY (author_id) REFERENCES author (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE loan (
  id int PRIMARY KEY,
  book_id int,
  reader varchar(100),
  FOREIGN KEY (book_id) REFERENCES book (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'author ' || n FROM n;
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, 'book ' || n, n * 100, nullif(n % 5, 0) FROM n;
INSERT INTO loan WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT n, n % 7 + 1, 'reader ' || n FROM n;
