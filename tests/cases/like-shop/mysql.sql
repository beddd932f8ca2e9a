-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE category (
  category_id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE product (
  product_id int PRIMARY KEY,
  name varchar(100),
  price decimal(8, 2),
  category_id int,
  FOREIGN KEY (category_id) REFERENCES category (category_id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE stock (
  stock_id int PRIMARY KEY,
  amount int,
  place varchar(100),
  product_id int,
  FOREIGN KEY (product_id) REFERENCES product (product_id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO category WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'category ' || n FROM n;
INSERT INTO product WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, 'product ' || n, n * 9.99, n % 4 + 1 FROM n;
INSERT INTO stock WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 11)
  SELECT n, n * 3, 'place ' || (n % 2), n % 7 + 1 FROM n;
