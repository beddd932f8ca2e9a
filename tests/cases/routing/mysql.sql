-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE owner (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE thing (
  id int PRIMARY KEY,
  owner_id int NOT NULL,
  region varchar(100),
  note varchar(100),
  FOREIGN KEY (owner_id) REFERENCES owner (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE part (
  id int PRIMARY KEY,
  thing_id int,
  name varchar(100),
  FOREIGN KEY (thing_id) REFERENCES thing (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO owner WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'owner ' || n FROM n;
INSERT INTO thing WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, n % 5 + 1, CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a,"b\' ELSE 'r' || n END, 'note ' || n FROM n;
INSERT INTO part WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 14)
  SELECT n, n % 12 + 1, 'part ' || n FROM n;
