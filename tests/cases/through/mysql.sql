-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE publisher (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE book (
  id int PRIMARY KEY,
  title varchar(100)
);
CREATE TABLE author (
  id int PRIMARY KEY,
  name varchar(100),
  publisher_id int,
  FOREIGN KEY (publisher_id) REFERENCES publisher (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE book_author (
  author_id int,
  book_id int,
  PRIMARY KEY (book_id, author_id),
  FOREIGN KEY (author_id) REFERENCES author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (book_id) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE subject (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE book_subject (
  id int PRIMARY KEY,
  book_id int,
  subject_id int,
  weight int,
  FOREIGN KEY (book_id) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (subject_id) REFERENCES subject (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE shelf (
  id int PRIMARY KEY,
  room varchar(100),
  place int
);
CREATE TABLE book_shelf (
  book_id int,
  shelf_id int,
  FOREIGN KEY (book_id) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (shelf_id) REFERENCES shelf (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO publisher WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'publisher ' || n FROM n;
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, 'book ' || n FROM n;
INSERT INTO author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'author ' || n, nullif(n % 4, 0) FROM n;
INSERT INTO book_author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT DISTINCT n * 5 % 6 + 1, n % 7 + 1 FROM n;
INSERT INTO subject WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'subject ' || n FROM n;
INSERT INTO book_subject WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, n % 6 + 1, n * 3 % 5 + 1, n FROM n;
INSERT INTO book_subject VALUES (20, 1, 1, 1), (21, 1, 1, 2), (22, NULL, 1, 3), (23, 1, NULL, 4);
INSERT INTO shelf WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'room ' || n, n FROM n;
INSERT INTO book_shelf WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n % 5 + 1, n % 3 + 1 FROM n;
INSERT INTO book_shelf VALUES (1, 1), (1, 1), (NULL, 2), (2, NULL);
