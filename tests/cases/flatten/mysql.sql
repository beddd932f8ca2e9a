-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE country (
  code varchar(100) PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE publisher (
  id int PRIMARY KEY,
  name varchar(100) NOT NULL,
  country varchar(100),
  FOREIGN KEY (country) REFERENCES country (code) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE office (
  id int PRIMARY KEY,
  street varchar(100),
  publisher int,
  FOREIGN KEY (publisher) REFERENCES publisher (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE book (
  id int PRIMARY KEY,
  title varchar(100),
  publisher int,
  FOREIGN KEY (publisher) REFERENCES publisher (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE tag (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE book_tag (
  book int,
  tag int,
  PRIMARY KEY (book, tag),
  FOREIGN KEY (book) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tag) REFERENCES tag (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE page (
  id int PRIMARY KEY,
  words int,
  book int,
  FOREIGN KEY (book) REFERENCES book (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO country VALUES ('at', 'Austria'), ('be', NULL), ('cz', 'Czechia');
INSERT INTO publisher VALUES (1, 'one', 'at'), (2, 'two', 'be'), (3, 'three', NULL);
INSERT INTO office VALUES (1, 'first street', 1), (2, NULL, 1), (3, 'third', 3), (4, 'no publisher', NULL);
INSERT INTO book VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, NULL, NULL), (5, 'e', 1);
INSERT INTO tag VALUES (1, 'red'), (2, 'blue'), (3, NULL);
INSERT INTO book_tag VALUES (1, 1), (1, 2), (2, 3);
INSERT INTO page VALUES (1, 100, 1), (2, 200, 1), (3, NULL, 3), (4, 1, NULL);
