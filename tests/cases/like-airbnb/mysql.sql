-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE host (
  id int PRIMARY KEY,
  email varchar(100),
  joined date
);
CREATE TABLE city (
  id int PRIMARY KEY,
  name varchar(100),
  code varchar(5)
);
CREATE TABLE home (
  id int PRIMARY KEY,
  name varchar(100),
  city_id int NOT NULL,
  host_id int,
  FOREIGN KEY (city_id) REFERENCES city (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (host_id) REFERENCES host (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE guest (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE stay (
  id int PRIMARY KEY,
  guest_id int NOT NULL,
  home_id int NOT NULL,
  begins date,
  ends date,
  price real,
  FOREIGN KEY (guest_id) REFERENCES guest (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (home_id) REFERENCES home (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE opinion (
  id int PRIMARY KEY,
  stay_id int NOT NULL UNIQUE,
  rating smallint,
  text varchar(100),
  FOREIGN KEY (stay_id) REFERENCES stay (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO host WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'host' || n || '@example.org', DATE '2015-01-01' + INTERVAL n DAY FROM n;
INSERT INTO city WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'city ' || n, 'C' || n FROM n;
INSERT INTO home WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'home ' || n, n % 3 + 1, nullif(n % 4, 0) FROM n;
INSERT INTO guest WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'guest ' || n FROM n;
INSERT INTO stay WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, n % 4 + 1, n % 6 + 1, DATE '2021-05-01' + INTERVAL n DAY, DATE '2021-05-04' + INTERVAL n DAY, n * 50.5 FROM n;
INSERT INTO opinion WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, n, n % 5 + 1, 'opinion ' || n FROM n;
