-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE account (id int PRIMARY KEY, region varchar(100), state varchar(100));
CREATE TABLE entry (id int PRIMARY KEY, account_id int, name varchar(100), FOREIGN KEY (account_id) REFERENCES account (id) ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO account WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'region ' || (n % 4) END, CASE n % 3 WHEN 0 THEN NULL ELSE 'state ' || (n % 3) END FROM n;
INSERT INTO entry WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20)
  SELECT n, nullif(n % 13, 0), 'entry ' || n FROM n;
