-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE publisher (
  id int PRIMARY KEY,
  name varchar(100) NOT NULL
);
CREATE TABLE book (
  id int PRIMARY KEY,
  title varchar(100),
  publisher_id int NOT NULL,
  FOREIGN KEY (publisher_id) REFERENCES publisher (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE author (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE book_author (
  book_id int,
  author_id int,
  PRIMARY KEY (book_id, author_id),
  FOREIGN KEY (book_id) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (author_id) REFERENCES author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE review (
  id int PRIMARY KEY,
  book_id int,
  body varchar(100),
  FOREIGN KEY (book_id) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO publisher WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'publisher ' || n FROM n;
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'book ' || n, n % 3 + 1 FROM n;
INSERT INTO author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'author ' || n FROM n;
INSERT INTO book_author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT DISTINCT n % 5 + 1, n % 4 + 1 FROM n;
INSERT INTO review WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, n % 6 + 1, 'review ' || n FROM n;
