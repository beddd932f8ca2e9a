INSERT INTO book VALUES
  ('978-1', 'The first', 10.50, '2001-02-03', 'not shown'),
  ('978-2', 'With "quotes" and \ backslash', NULL, NULL, NULL),
  ('a|b', '', 0, '0001-01-01', ''),
  ('größe ☃', E'two\nlines', -1.05, 'infinity', 'x');
