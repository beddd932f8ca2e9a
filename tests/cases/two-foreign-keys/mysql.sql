-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE person (
  id int PRIMARY KEY,
  name varchar(100),
  favourite_id int
);
CREATE TABLE letter (
  id int PRIMARY KEY,
  sender int NOT NULL,
  receiver int,
  text varchar(100),
  FOREIGN KEY (sender) REFERENCES person (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (receiver) REFERENCES person (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
ALTER TABLE person ADD FOREIGN KEY (favourite_id) REFERENCES letter (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */;
INSERT INTO person (id, name) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'person ' || n FROM n;
INSERT INTO letter WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, n % 5 + 1, nullif(n * 2 % 7, 0), 'letter ' || n FROM n;
UPDATE person SET favourite_id = id * 2 WHERE id < 5;
