-- Views as children: a join with a filter, a left join, an aggregate, behind a join table, and with a table below; followed
-- through the tables that they read.
-- features: 43
CREATE TABLE country (code text PRIMARY KEY, name text);
CREATE TABLE author (id integer PRIMARY KEY, name text, country text REFERENCES country ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE book (id integer PRIMARY KEY, title text, hidden boolean);
CREATE TABLE book_author (
  book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE,
  author_id integer REFERENCES author ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (book_id, author_id)
);
CREATE TABLE review (
  id integer PRIMARY KEY, stars integer, words text,
  book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE
);
-- The column that links is in the join table; country may be missing.
CREATE VIEW book_author_country AS
  SELECT ba.book_id, a.id AS author_id, upper(a.name) AS name, c.name AS country
  FROM book_author ba JOIN author a ON a.id = ba.author_id LEFT JOIN country c ON c.code = a.country;
CREATE VIEW book_stars AS
  SELECT book_id, count(*) AS reviews, sum(stars) AS stars FROM review WHERE stars > 0 GROUP BY book_id;
-- The country is where the link is, and everything else hangs on the side of an outer join.
CREATE VIEW country_books AS
  SELECT c.code, b.id AS book_id, b.title
  FROM country c LEFT JOIN (author a JOIN (book_author ba JOIN book b ON b.id = ba.book_id) ON ba.author_id = a.id) ON a.country = c.code
  WHERE b.hidden IS NOT true;
CREATE VIEW visible_author AS SELECT author.id, author.name FROM author WHERE author.name IS NOT NULL;
