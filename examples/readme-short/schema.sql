CREATE TABLE book (isbn text PRIMARY KEY, title text, description text);
CREATE TABLE author (id integer PRIMARY KEY, name text);
CREATE TABLE book_author (
  id integer PRIMARY KEY,
  book_isbn text REFERENCES book,
  author_id integer REFERENCES author
);
INSERT INTO book VALUES ('9788374950978', 'Kafka on the Shore', 'Kafka on the Shore is a 2002 novel by Haruki Murakami.');
INSERT INTO author VALUES (1, 'Haruki Murakami'), (2, 'Philip Gabriel');
INSERT INTO book_author VALUES (1, '9788374950978', 1), (2, '9788374950978', 2);
