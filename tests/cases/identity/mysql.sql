-- The same tables and rows for MySQL and MariaDB. A moment with its zone is a text here, and a table counts one column only.
CREATE TABLE basket (
  id int AUTO_INCREMENT PRIMARY KEY,
  made varchar(32) DEFAULT '2020-01-01T00:00:00+00:00',
  owner varchar(100) DEFAULT 'nobody'
);
CREATE TABLE item (
  number bigint AUTO_INCREMENT PRIMARY KEY,
  basket_id int,
  serial int NOT NULL,
  name varchar(100),
  FOREIGN KEY (basket_id) REFERENCES basket (id) ON DELETE CASCADE
);
INSERT INTO basket (owner) VALUES ('owner 1'), ('owner 2'), ('owner 3'), ('owner 4'), ('owner 5');
INSERT INTO basket () VALUES ();
INSERT INTO item WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n * 5 + 5, n % 5 + 1, n, 'item ' || n FROM n;
