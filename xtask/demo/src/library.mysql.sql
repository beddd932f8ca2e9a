-- The library of the example on MySQL and MariaDB, with its rows and the demo's. A key that would act on rows that a document
-- shows from elsewhere (the author of a book, the reader of a review) does not act: MariaDB logs nothing of what such keys do.
-- Statements end with their line.
CREATE TABLE publisher (id INTEGER AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL, country CHAR(2));
CREATE TABLE author (id INTEGER AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL);
CREATE TABLE reader (id INTEGER AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) NOT NULL);
CREATE TABLE book (
  isbn VARCHAR(13) PRIMARY KEY,
  title VARCHAR(200) NOT NULL,
  type ENUM('hardcover', 'paperback', 'e-book') NOT NULL,
  price DECIMAL(8, 2) COMMENT 'In euros; null where it is not for sale.',
  published DATE,
  added DATETIME(1) NOT NULL,
  details JSON,
  tags JSON NOT NULL,
  publisher_id INTEGER NOT NULL,
  CONSTRAINT published_by FOREIGN KEY (publisher_id) REFERENCES publisher (id)
);
CREATE TABLE book_author (
  book_isbn VARCHAR(13),
  author_id INTEGER,
  PRIMARY KEY (book_isbn, author_id),
  CONSTRAINT written FOREIGN KEY (book_isbn) REFERENCES book (isbn) ON DELETE CASCADE,
  CONSTRAINT written_by FOREIGN KEY (author_id) REFERENCES author (id)
);
CREATE TABLE review (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  book_isbn VARCHAR(13) NOT NULL,
  reader_id INTEGER,
  stars SMALLINT NOT NULL,
  body TEXT,
  CONSTRAINT about FOREIGN KEY (book_isbn) REFERENCES book (isbn) ON DELETE CASCADE,
  CONSTRAINT reviewed_by FOREIGN KEY (reader_id) REFERENCES reader (id)
);

INSERT INTO publisher (name, country) VALUES ('Harvill', 'GB'), ('Knopf', NULL);
INSERT INTO author (name) VALUES ('Haruki Murakami'), ('Philip Gabriel');
INSERT INTO reader (name) VALUES ('Ada'), ('Grace');
INSERT INTO book VALUES
  ('9780099458326', 'Kafka on the Shore', 'paperback', 10.99, '2005-10-06', '2024-02-29 12:00:00.5', '{"pages": 505}', '["novel", "cats, talking"]', 1),
  ('9780593318256', 'The City and Its Uncertain Walls', 'hardcover', 35.00, '2024-11-19', '2024-11-19 00:00:00', NULL, '[]', 2),
  ('0000000000000', 'Nobody wrote this', 'e-book', NULL, NULL, '1000-01-01 00:00:00', '{}', '[]', 2);
INSERT INTO book_author VALUES ('9780099458326', 1), ('9780099458326', 2), ('9780593318256', 1), ('9780593318256', 2);
INSERT INTO review (book_isbn, reader_id, stars, body) VALUES
  ('9780099458326', 1, 5, 'Cats.\nAnd "fish".'), ('9780099458326', NULL, 3, NULL), ('9780593318256', 2, 4, 'Walls.');

CREATE TABLE digit (d INTEGER PRIMARY KEY);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE number (i INTEGER PRIMARY KEY);
INSERT INTO number SELECT a.d * 1000 + b.d * 100 + c.d * 10 + e.d + 1 FROM digit a, digit b, digit c, digit e;
INSERT INTO publisher SELECT i + 2, CONCAT('Publisher ', i), 'GB' FROM number WHERE i <= 50;
INSERT INTO author SELECT i + 2, CONCAT('Author ', i) FROM number WHERE i <= 400;
INSERT INTO reader SELECT i + 2, CONCAT('Reader ', i) FROM number WHERE i <= 500;
INSERT INTO book SELECT CONCAT('9', LPAD(i, 12, '0')), CONCAT('Title ', i), ELT(i % 3 + 1, 'hardcover', 'paperback', 'e-book'),
  i / 100.0, DATE '1990-01-01' + INTERVAL i DAY, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL i HOUR,
  JSON_OBJECT('pages', i % 900), JSON_ARRAY(CONCAT('tag ', i % 7)), i % 50 + 3
FROM number WHERE i <= 3000;
INSERT INTO book_author SELECT DISTINCT CONCAT('9', LPAD(i % 3000 + 1, 12, '0')), i % 400 + 3 FROM number WHERE i <= 4500;
INSERT INTO review (book_isbn, reader_id, stars, body)
  SELECT CONCAT('9', LPAD(i % 3000 + 1, 12, '0')), i % 500 + 3, i % 5 + 1, CONCAT('Review ', i) FROM number WHERE i <= 8000;
DROP TABLE number;
DROP TABLE digit;
