-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE publisher (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE book (
  isbn varchar(100) PRIMARY KEY,
  title varchar(100),
  publisher_id int,
  first_id int,
  FOREIGN KEY (publisher_id) REFERENCES publisher (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */,
  FOREIGN KEY (first_id) REFERENCES publisher (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE author (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE book_author (
  id int PRIMARY KEY,
  isbn varchar(100),
  author_id int,
  FOREIGN KEY (isbn) REFERENCES book (isbn) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (author_id) REFERENCES author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE chapter (
  isbn varchar(100),
  number int,
  heading varchar(100),
  PRIMARY KEY (isbn, number),
  FOREIGN KEY (isbn) REFERENCES book (isbn) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE mark (
  author_id int,
  stars int,
  FOREIGN KEY (author_id) REFERENCES author (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO publisher VALUES (1, 'one'), (2, 'two'), (10, 'ten');
INSERT INTO book VALUES ('a', 'first', 1, 2), ('b', 'second', 10, 10), ('c', 'third', NULL, NULL), ('d "e"', 'fourth', 2, 10);
INSERT INTO author VALUES (1, 'Ada'), (2, 'Bea'), (30, 'Cy');
INSERT INTO book_author VALUES (1, 'a', 30), (2, 'a', 1), (3, 'b', 2), (12, 'd "e"', 1), (4, 'd "e"', 1);
INSERT INTO chapter VALUES ('a', 1, 'in'), ('a', 2, 'out'), ('a', 10, 'end'), ('b', 1, 'all');
INSERT INTO mark VALUES (1, 5), (1, 3), (2, 4);
