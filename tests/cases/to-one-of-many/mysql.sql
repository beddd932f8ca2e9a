-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE machine (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE state (
  at datetime(6),
  number int,
  machine_id int,
  text varchar(100),
  PRIMARY KEY (number, at),
  FOREIGN KEY (machine_id) REFERENCES machine (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE cause (
  id varchar(100) PRIMARY KEY,
  state_number int,
  text varchar(100)
);
INSERT INTO machine WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'machine ' || n FROM n;
INSERT INTO state WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT TIMESTAMP '2020-01-01 00:00:00' + INTERVAL n DAY, 20 - n, n % 4 + 1, 'state ' || n FROM n;
INSERT INTO cause WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT 'cause ' || n, 20 - n % 6, 'text ' || n FROM n;
