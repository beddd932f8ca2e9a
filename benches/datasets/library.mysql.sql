-- The library of `library.sql` on MySQL and MariaDB: the same rows in the types that an application there would use. Times are
-- in UTC. Statements end with their line.
CREATE TABLE country (id INTEGER PRIMARY KEY, code VARCHAR(20) NOT NULL, name VARCHAR(100) NOT NULL);
CREATE TABLE publisher (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL, city VARCHAR(100) NOT NULL);
CREATE TABLE author (
  id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL, born INTEGER NOT NULL, country_id INTEGER NOT NULL,
  KEY (country_id), CONSTRAINT author_country FOREIGN KEY (country_id) REFERENCES country (id)
);
CREATE TABLE reader (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL, since DATE NOT NULL);
CREATE TABLE book (
  id INTEGER PRIMARY KEY, isbn VARCHAR(20) NOT NULL, title VARCHAR(200) NOT NULL, description TEXT NOT NULL,
  language VARCHAR(10) NOT NULL, pages INTEGER NOT NULL, price DECIMAL(8, 2) NOT NULL, published DATE NOT NULL,
  in_stock BOOLEAN NOT NULL, added DATETIME NOT NULL, publisher_id INTEGER NOT NULL, note TEXT,
  KEY (publisher_id), CONSTRAINT book_publisher FOREIGN KEY (publisher_id) REFERENCES publisher (id)
);
CREATE TABLE book_author (
  id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, author_id INTEGER NOT NULL, KEY (book_id), KEY (author_id),
  CONSTRAINT written_book FOREIGN KEY (book_id) REFERENCES book (id),
  CONSTRAINT written_author FOREIGN KEY (author_id) REFERENCES author (id)
);
CREATE TABLE review (
  id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, reader_id INTEGER NOT NULL, stars SMALLINT NOT NULL, body TEXT NOT NULL,
  written DATETIME NOT NULL, helpful INTEGER NOT NULL DEFAULT 0, KEY (book_id), KEY (reader_id),
  CONSTRAINT review_book FOREIGN KEY (book_id) REFERENCES book (id),
  CONSTRAINT review_reader FOREIGN KEY (reader_id) REFERENCES reader (id)
);
CREATE TABLE loan (
  id INTEGER PRIMARY KEY, book_id INTEGER NOT NULL, `until` DATE, KEY (book_id),
  CONSTRAINT loan_book FOREIGN KEY (book_id) REFERENCES book (id)
);

INSERT INTO country SELECT n, CONCAT('C', n), CONCAT(capital(word_of(text, 1)), 'land ', n)
FROM number JOIN sentence ON sentence.id = n WHERE n <= 200;
INSERT INTO publisher SELECT STRAIGHT_JOIN n, CONCAT(capital(word_of(text, 2)), ' Press ', n), capital(word_of(text, 3))
FROM number JOIN sentence ON sentence.id = pick(n, 1, 4096) WHERE n <= 2000;
INSERT INTO author SELECT STRAIGHT_JOIN n, CONCAT(capital(word_of(text, 4)), ' ', capital(word_of(text, 5)), ' ', n),
  1850 + pick(n, 2, 150), 1 + pick(n, 3, 200)
FROM number JOIN sentence ON sentence.id = pick(n, 4, 4096) WHERE n <= 50000;
INSERT INTO reader SELECT STRAIGHT_JOIN n, CONCAT(capital(word_of(text, 6)), ' ', n), DATE '2010-01-01' + INTERVAL pick(n, 5, 5000) DAY
FROM number JOIN sentence ON sentence.id = pick(n, 6, 4096) WHERE n <= 100000;

INSERT INTO book SELECT STRAIGHT_JOIN n, CONCAT('978', LPAD(n, 10, '0')),
  CONCAT(capital(word_of(a.text, 1)), ' of the ', word_of(b.text, 2), ' ', n),
  CONCAT(c.text, '. ', d.text, '. ', e.text, '. ', f.text, '. ', g.text),
  ELT(1 + pick(n, 17, 5), 'en', 'de', 'fr', 'ja', 'es'), 80 + pick(n, 18, 900), (100 + pick(n, 19, 9900)) / 100.0,
  DATE '1950-01-01' + INTERVAL pick(n, 20, 27000) DAY, pick(n, 21, 4) > 0,
  TIMESTAMP '2020-01-01 00:00:00' + INTERVAL pick(n, 22, 150000000) SECOND, 1 + pick(n, 23, 2000), h.text
FROM number
JOIN sentence a ON a.id = pick(n, 10, 4096) JOIN sentence b ON b.id = pick(n, 11, 4096)
JOIN sentence c ON c.id = pick(n, 12, 4096) JOIN sentence d ON d.id = pick(n, 13, 4096)
JOIN sentence e ON e.id = pick(n, 14, 4096) JOIN sentence f ON f.id = pick(n, 15, 4096)
JOIN sentence g ON g.id = pick(n, 16, 4096) JOIN sentence h ON h.id = pick(n, 24, 4096) WHERE n <= :rows;
INSERT INTO book_author SELECT STRAIGHT_JOIN (n - 1) * 2 + d, n, 1 + (pick(n, 30, 50000) + (d - 1) * 7) % 50000
FROM number JOIN digit ON d BETWEEN 1 AND 2 WHERE n <= :rows AND (d = 1 OR pick(n, 31, 3) = 0);
INSERT INTO review SELECT STRAIGHT_JOIN (n - 1) * 3 + d, n, 1 + pick(n, 40 + d, 100000), 1 + pick(n, 50 + d, 5), text,
  TIMESTAMP '2021-01-01 00:00:00' + INTERVAL pick(n, 70 + d, 100000000) SECOND, 0
FROM number JOIN digit ON d BETWEEN 1 AND 3 JOIN sentence ON sentence.id = pick(n, 60 + d, 4096) WHERE n <= :rows;
INSERT INTO loan SELECT n, n, DATE '2024-01-01' + INTERVAL pick(n, 80, 700) DAY FROM number WHERE n <= :rows;
