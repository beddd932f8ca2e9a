-- The same tables and rows for MySQL and MariaDB. What citext is there is a collation here.
CREATE TABLE town (land int, number int, name varchar(100), PRIMARY KEY (land, number));
CREATE TABLE house (
  id int PRIMARY KEY,
  street varchar(100) COLLATE utf8mb4_general_ci,
  floors int,
  built date,
  price decimal(10, 2),
  gone boolean NOT NULL,
  land int,
  number int,
  beside int,
  FOREIGN KEY (beside) REFERENCES house (id) /*!90600 ON DELETE CASCADE */,
  CONSTRAINT house_town FOREIGN KEY (land, number) REFERENCES town (land, number) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE style (id int PRIMARY KEY, name varchar(100), age int);
CREATE TABLE house_style (
  house int,
  style int,
  PRIMARY KEY (house, style),
  FOREIGN KEY (house) REFERENCES house (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (style) REFERENCES style (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO town SELECT l, n, 'town ' || l || n FROM (SELECT 1 AS l UNION ALL SELECT 2) l JOIN (SELECT 1 AS n UNION ALL SELECT 2) n;
INSERT INTO house WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 30)
  SELECT n, CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN 'Main' WHEN 2 THEN 'MAIN' WHEN 3 THEN 'lane' ELSE 'Lane' END,
    CASE WHEN n % 7 > 0 THEN n % 3 END, DATE '2026-01-01' + INTERVAL n % 4 DAY, 1.5 + n % 3, n % 4 = 0, n % 2 + 1, n % 3, NULL FROM n WHERE n % 3 > 0;
UPDATE house SET beside = id - 3 WHERE id > 3 AND id % 2 = 0;
INSERT INTO style WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, 'style ' || (n % 3), CASE WHEN n % 4 > 0 THEN n % 2 END FROM n;
INSERT INTO house_style SELECT h.id, s.id FROM house h JOIN style s ON (h.id + s.id) % 3 > 0;
