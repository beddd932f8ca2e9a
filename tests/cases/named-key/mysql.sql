-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE reading (station varchar(100) NOT NULL, hour int NOT NULL, value double, note varchar(100), UNIQUE (hour, station));
CREATE TABLE alarm (station varchar(100), hour int, level int, text varchar(100), UNIQUE (level, station, hour));
INSERT INTO reading WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT 'station ' || (n % 3), n, n + 0.25, 'note ' || n FROM n;
INSERT INTO alarm WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT 'station ' || (n % 3), n, n, 'alarm ' || n FROM n;
INSERT INTO alarm WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT 'station ' || (n % 3), n, 9 - n, 'second alarm ' || n FROM n;
