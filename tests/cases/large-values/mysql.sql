-- The same tables and rows for MySQL and MariaDB.
SET SESSION group_concat_max_len = 100000;
CREATE TABLE paper (id int PRIMARY KEY, title varchar(100), body longtext, data json, topic longtext);
CREATE TABLE note (
  id int PRIMARY KEY,
  paper_id int,
  stars int,
  body longtext,
  FOREIGN KEY (paper_id) REFERENCES paper (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE key_of_length (
  k varchar(399) PRIMARY KEY,
  paper_id int,
  number int,
  FOREIGN KEY (paper_id) REFERENCES paper (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE about (id int PRIMARY KEY, topic longtext, text varchar(100));
INSERT INTO paper WITH RECURSIVE m (m) AS (SELECT 1 UNION ALL SELECT m + 1 FROM m WHERE m < 40),
    n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'paper ' || n, repeat('body ' || n || ' ', 400),
    JSON_OBJECT('n', (SELECT GROUP_CONCAT(SHA2(n.n || ' ' || m.m, 256) ORDER BY m.m SEPARATOR '') FROM m)), repeat('topic ' || (n % 2), 300)
  FROM n;
INSERT INTO note WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, n % 3 + 1, n % 5, repeat('note ' || n || ' ', 320) FROM n;
INSERT INTO key_of_length WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT repeat('k', 300) || n, n % 3 + 1, n FROM n;
INSERT INTO about WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, repeat('topic ' || (n % 3), 300), 'about ' || n FROM n;
