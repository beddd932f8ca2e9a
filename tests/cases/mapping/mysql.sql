-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE article (
  id int PRIMARY KEY,
  title varchar(100),
  body varchar(100),
  tags json,
  day date
);
CREATE TABLE comment (
  id int PRIMARY KEY,
  article_id int,
  author varchar(100),
  text varchar(100),
  FOREIGN KEY (article_id) REFERENCES article (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO article WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'title ' || n, 'The body of ' || n, JSON_OBJECT('n', n, 'kind', 'k' || (n % 2)), DATE '2021-01-01' + INTERVAL n DAY FROM n;
INSERT INTO comment WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, n % 5 + 1, 'author ' || (n % 3), 'comment ' || n FROM n;
