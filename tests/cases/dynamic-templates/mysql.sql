-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE product (
  id int PRIMARY KEY,
  sku_code varchar(100),
  name varchar(100),
  price decimal(10, 2)
);
CREATE TABLE variant (
  id int PRIMARY KEY,
  product_id int,
  sku_code varchar(100),
  size float8,
  FOREIGN KEY (product_id) REFERENCES product (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO product WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'sku-' || n, 'name ' || n, n * 1.25 FROM n;
INSERT INTO variant WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, n % 5 + 1, 'sku-' || n || '-v', n + 0.5 FROM n;
