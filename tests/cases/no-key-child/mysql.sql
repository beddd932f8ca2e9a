-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE account (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE entry (
  account_id int,
  day date,
  amount int,
  note varchar(100),
  FOREIGN KEY (account_id) REFERENCES account (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE tag (
  account_id int,
  tag varchar(100),
  FOREIGN KEY (account_id) REFERENCES account (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO account WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'account ' || n FROM n;
INSERT INTO entry WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20)
  SELECT n % 5 + 1, DATE '2022-01-01' + INTERVAL n % 3 DAY, n % 2, 'note ' || (n % 4) FROM n;
INSERT INTO entry VALUES (1, NULL, 5, NULL), (1, NULL, 5, NULL), (NULL, '2022-01-01', 1, 'of no account');
INSERT INTO tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n % 4 + 1, 'tag ' || (n % 3) FROM n;
