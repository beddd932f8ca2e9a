-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE parent (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE surrogate (
  id int PRIMARY KEY,
  parent_id int NOT NULL,
  FOREIGN KEY (parent_id) REFERENCES parent (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE child (
  id int PRIMARY KEY,
  name varchar(100),
  parent_id int NOT NULL,
  FOREIGN KEY (parent_id) REFERENCES surrogate (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE grand_child (
  id int PRIMARY KEY,
  name varchar(100),
  child_id int NOT NULL,
  FOREIGN KEY (child_id) REFERENCES child (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE great_grand_child (
  id int PRIMARY KEY,
  name varchar(100),
  grand_child_id int NOT NULL,
  FOREIGN KEY (grand_child_id) REFERENCES grand_child (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE last_child (
  id int PRIMARY KEY,
  name varchar(100),
  great_grand_child_id int NOT NULL,
  FOREIGN KEY (great_grand_child_id) REFERENCES great_grand_child (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO parent WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'parent ' || n FROM n;
INSERT INTO surrogate WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, n % 3 + 1 FROM n;
INSERT INTO child WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'child ' || n, n * 3 % 4 + 1 FROM n;
INSERT INTO grand_child WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'grand child ' || n, n % 4 + 1 FROM n;
INSERT INTO great_grand_child WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT n, 'great grand child ' || n, n % 5 + 1 FROM n;
INSERT INTO last_child WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, 'last child ' || n, n % 6 + 1 FROM n;
