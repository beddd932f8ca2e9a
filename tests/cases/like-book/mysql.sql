-- The same tables and rows for MySQL and MariaDB. A column of truth is a number to them; one of JSON shows true and false.
CREATE TABLE continent (id int PRIMARY KEY, name varchar(100));
CREATE TABLE country (id int PRIMARY KEY, name varchar(100), continent_id int, FOREIGN KEY (continent_id) REFERENCES continent (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */);
CREATE TABLE publisher (id int PRIMARY KEY, name varchar(100), is_active json);
CREATE TABLE book (
  isbn varchar(100) PRIMARY KEY,
  title varchar(100),
  description varchar(100),
  copyright varchar(100),
  tags json,
  doc json,
  publisher_id int,
  FOREIGN KEY (publisher_id) REFERENCES publisher (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE author (
  id int PRIMARY KEY,
  name varchar(100),
  born datetime(6),
  country_id int,
  FOREIGN KEY (country_id) REFERENCES country (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE subject (id int PRIMARY KEY, name varchar(100));
CREATE TABLE language (id int PRIMARY KEY, code varchar(8));
CREATE TABLE rating (
  id int PRIMARY KEY,
  value float,
  book_isbn varchar(100) UNIQUE,
  FOREIGN KEY (book_isbn) REFERENCES book (isbn) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE book_author (
  id int PRIMARY KEY,
  book_isbn varchar(100),
  author_id int,
  UNIQUE (book_isbn, author_id),
  FOREIGN KEY (book_isbn) REFERENCES book (isbn) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (author_id) REFERENCES author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE book_subject (
  id int PRIMARY KEY,
  book_isbn varchar(100),
  subject_id int,
  FOREIGN KEY (book_isbn) REFERENCES book (isbn) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (subject_id) REFERENCES subject (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE book_language (
  id int PRIMARY KEY,
  book_isbn varchar(100),
  language_id int,
  FOREIGN KEY (book_isbn) REFERENCES book (isbn) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (language_id) REFERENCES language (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO continent WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2)
  SELECT n, 'continent ' || n FROM n;
INSERT INTO country WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'country ' || n, n % 2 + 1 FROM n;
INSERT INTO publisher WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'publisher ' || n, IF(n % 2 = 0, 'true', 'false') FROM n;
INSERT INTO book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT 'isbn-' || n, 'title ' || n, 'description ' || n, '© ' || n, JSON_ARRAY('tag ' || n, 'x'),
    '{"a": {"b": {"c": [' || n || ', ' || (n + 1) || ', ' || (n + 2) || ']}}, "i": ' || (73 + n) || ', "bool": ' || IF(n % 2 = 0, 'true', 'false')
      || ', "firstname": "Glenn ' || n || '", "coords": [' || n || ', ' || n || '.5]}', nullif(n % 4, 0) FROM n;
INSERT INTO author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'author ' || n, TIMESTAMP '1950-01-01 12:00:00' + INTERVAL n * 400 DAY, nullif(n % 4, 0) FROM n;
INSERT INTO subject WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'subject ' || n FROM n;
INSERT INTO language WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'lang' || n FROM n;
INSERT INTO rating WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, n + 0.5, 'isbn-' || n FROM n;
INSERT INTO book_author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, 'isbn-' || (n % 6 + 1), n * 3 % 5 + 1 FROM n;
INSERT INTO book_subject WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, 'isbn-' || (n % 5 + 1), n * 3 % 4 + 1 FROM n;
INSERT INTO book_language WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT n, 'isbn-' || (n % 6 + 1), n % 3 + 1 FROM n;
