-- The same tables and rows for MySQL and MariaDB, whose partitioned tables have no foreign keys.
CREATE TABLE sensor (id int, region varchar(20), name varchar(100), PRIMARY KEY (id, region)) PARTITION BY KEY (region) PARTITIONS 3;
CREATE TABLE label (id int, kind varchar(20), text varchar(100), PRIMARY KEY (id, kind));
CREATE TABLE measure (
  id int,
  day int,
  sensor_id int,
  region varchar(20),
  value int,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (
  PARTITION measure_1 VALUES LESS THAN (10),
  PARTITION measure_2 VALUES LESS THAN (1100),
  PARTITION measure_rest VALUES LESS THAN MAXVALUE
);
CREATE TABLE labelled (
  sensor_id int,
  region varchar(20),
  label_id int,
  label_kind varchar(20),
  PRIMARY KEY (sensor_id, region, label_id, label_kind)
) PARTITION BY HASH (sensor_id) PARTITIONS 2;
INSERT INTO sensor WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, ELT(n % 4 + 1, 'north', 'south', 'east', 'west'), 'sensor ' || n FROM n;
INSERT INTO label WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'kind ' || (n % 2), 'label ' || n FROM n;
INSERT INTO measure WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 16)
  SELECT n, n * 3, s.id, s.region, n * 10 FROM n JOIN sensor s ON s.id = n % 8 + 1;
INSERT INTO labelled SELECT s.id, s.region, l.id, l.kind FROM sensor s JOIN label l ON l.id = s.id % 4 + 1 OR (l.id = 1 AND s.id < 5);
