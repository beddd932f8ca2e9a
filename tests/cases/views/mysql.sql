-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE country (code varchar(10) PRIMARY KEY, name varchar(100));
CREATE TABLE author (id int PRIMARY KEY, name varchar(100), country varchar(10), FOREIGN KEY (country) REFERENCES country (code) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */);
CREATE TABLE book (id int PRIMARY KEY, title varchar(100), hidden boolean);
CREATE TABLE book_author (
  book_id int,
  author_id int,
  PRIMARY KEY (book_id, author_id),
  FOREIGN KEY (book_id) REFERENCES book (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (author_id) REFERENCES author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE review (id int PRIMARY KEY, stars int, words varchar(100), book_id int, FOREIGN KEY (book_id) REFERENCES book (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */);
CREATE VIEW book_author_country AS
  SELECT ba.book_id, a.id AS author_id, upper(a.name) AS name, c.name AS country
  FROM book_author ba JOIN author a ON a.id = ba.author_id LEFT JOIN country c ON c.code = a.country;
CREATE VIEW book_stars AS
  SELECT book_id, count(*) AS reviews, sum(stars) AS stars FROM review WHERE stars > 0 GROUP BY book_id;
CREATE VIEW country_books AS
  SELECT c.code, b.id AS book_id, b.title
  FROM country c LEFT JOIN (author a JOIN (book_author ba JOIN book b ON b.id = ba.book_id) ON ba.author_id = a.id) ON a.country = c.code
  WHERE b.hidden IS NOT true;
CREATE VIEW visible_author AS SELECT author.id, author.name FROM author WHERE author.name IS NOT NULL;
INSERT INTO country VALUES ('at', 'Austria'), ('be', NULL), ('cz', 'Czechia');
INSERT INTO author VALUES (1, 'Ada', 'at'), (2, 'Bob', NULL), (3, NULL, 'be'), (4, 'Dan', 'at');
INSERT INTO book VALUES (1, 'one', false), (2, 'two', true), (3, NULL, NULL);
INSERT INTO book_author VALUES (1, 1), (1, 3), (2, 1), (2, 2), (3, 4);
INSERT INTO review VALUES (1, 5, 'good', 1), (2, 0, 'bad', 1), (3, 3, NULL, 1), (4, NULL, 'x', 2), (5, 4, 'y', NULL);
