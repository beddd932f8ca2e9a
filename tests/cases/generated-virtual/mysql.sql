-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE parcel (
  id int PRIMARY KEY,
  width int,
  height int,
  area int GENERATED ALWAYS AS (width * height) VIRTUAL,
  name varchar(100)
);
CREATE TABLE fence (
  id int PRIMARY KEY,
  parcel_id int,
  posts int,
  length int GENERATED ALWAYS AS (posts * 3) STORED,
  FOREIGN KEY (parcel_id) REFERENCES parcel (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO parcel (id, width, height, name) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, n, n + 1, 'parcel ' || n FROM n;
INSERT INTO fence (id, parcel_id, posts) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, n % 5 + 1, n * 2 FROM n;
