-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE person (
  id int PRIMARY KEY,
  name varchar(100),
  parent_id int,
  FOREIGN KEY (parent_id) REFERENCES person (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
INSERT INTO person WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 14)
  SELECT n, 'person ' || n, nullif(n DIV 2, 0) FROM n;
INSERT INTO person VALUES (20, 'its own parent', 20);
