-- The same tables and rows for MySQL and MariaDB. An array and what is true are JSON here, and a date that is infinite is a text.
CREATE TABLE maker (id int PRIMARY KEY, name varchar(100), town varchar(100) NOT NULL, founded varchar(10));
CREATE TABLE product (
  id int PRIMARY KEY,
  maker_id int,
  name varchar(100),
  price decimal(8, 2),
  sold json,
  words json,
  facts json,
  FOREIGN KEY (maker_id) REFERENCES maker (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE part (
  id int PRIMARY KEY,
  product_id int,
  code varchar(100) NOT NULL,
  weight int,
  FOREIGN KEY (product_id) REFERENCES product (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE tag (id int PRIMARY KEY, product_id int, word varchar(100), FOREIGN KEY (product_id) REFERENCES product (id) ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO maker VALUES (1, 'Abel & Co', 'Bern', '1901-02-03'), (2, NULL, 'Ulm', NULL), (3, '', 'Aha', 'infinity');
INSERT INTO product VALUES
  (1, 1, 'a "lamp"', 12.50, 'true', '["foo", "bar", null]', '{"color": "red", "size": {"w": 1.50, "h": 2}, "note": "xx", "n": [1, 2]}'),
  (2, 2, NULL, 0, 'false', '[]', '{"color": 1, "colour": 2, "size": [{"w": 1}, 7, {"width": 3}], "note": ["x", 1, "y"]}'),
  (3, NULL, '', NULL, NULL, NULL, '[{"color": "blue"}, {"note": {"x": "x"}}, 5]'),
  (4, 3, 'tab' || CHAR(9 USING utf8mb4) || 'here', -3.00, 'true', '["ooo"]', '"xx"'),
  (5, 1, 'A', 0.10, 'false', '["o", "a,b"]', NULL);
INSERT INTO part VALUES (1, 1, 'c1', 10), (2, 1, '', 0), (3, 2, '11', NULL), (4, 4, 'b', -5), (5, NULL, 'd1', 1);
INSERT INTO tag VALUES (1, 1, 'green'), (2, 1, NULL), (3, 2, 'e"e'), (4, 5, 'old'), (5, NULL, 'x');
