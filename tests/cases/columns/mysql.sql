-- The same tables and rows for MySQL and MariaDB, where a date that is infinite is a text.
CREATE TABLE book (
  isbn varchar(100) PRIMARY KEY,
  title varchar(100) NOT NULL,
  price decimal(8, 2),
  published varchar(10),
  note varchar(100)
);
INSERT INTO book VALUES
  ('978-1', 'The first', 10.50, '2001-02-03', 'not shown'),
  ('978-2', 'With "quotes" and \ backslash', NULL, NULL, NULL),
  ('a|b', '', 0, '0001-01-01', ''),
  ('größe ☃', 'two' || CHAR(10 USING utf8mb4) || 'lines', -1.05, 'infinity', 'x');
