-- Views as roots: a materialized view, whose query is read, with a materialized view as child; and a view of a union, of which
-- nobody can tell which rows a change concerns.
-- features: 38, 43, 44
-- mysql: no, they have no materialized views.
CREATE TABLE publisher (id integer PRIMARY KEY, name text NOT NULL, active boolean NOT NULL DEFAULT true);
CREATE TABLE book (
  isbn text PRIMARY KEY, title text,
  publisher_id integer REFERENCES publisher ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE magazine (issn text PRIMARY KEY, title text);
CREATE MATERIALIZED VIEW book_view AS
  SELECT b.isbn, b.title, b.publisher_id, p.name AS publisher
  FROM book b JOIN publisher p ON p.id = b.publisher_id WHERE p.active;
CREATE MATERIALIZED VIEW publisher_view AS
  SELECT id, name, (SELECT count(*) FROM book b WHERE b.publisher_id = publisher.id) AS books FROM publisher;
CREATE VIEW print AS SELECT 'b' || isbn AS code, title FROM book UNION ALL SELECT 'm' || issn, title FROM magazine;
