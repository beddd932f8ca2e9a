-- The same tables and rows for MySQL and MariaDB. An enum belongs to its column, and arrays are JSON.
CREATE TABLE plan (
  day enum('mon', 'tue day', 'wed', 'thu', 'fri', 'sat', 'sun') PRIMARY KEY,
  title varchar(100) CHECK (title <> ''),
  cost decimal(10, 2),
  number int CHECK (number > 0 AND number < 100000),
  costs json,
  details json
);
CREATE TABLE task (
  id int PRIMARY KEY CHECK (id > 0 AND id < 100000),
  day enum('mon', 'tue day', 'wed', 'thu', 'fri', 'sat', 'sun'),
  code varchar(100) CHECK (code <> ''),
  days json,
  FOREIGN KEY (day) REFERENCES plan (day) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE step (
  id int PRIMARY KEY,
  task_id int,
  name varchar(12),
  FOREIGN KEY (task_id) REFERENCES task (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO plan VALUES
  ('mon', 'first', 1.5, 10, '[1.10, 2.20]', '{"a": 1}'),
  ('tue day', NULL, NULL, NULL, '[]', 'null'),
  ('sun', 'last', 0, 99, NULL, NULL);
INSERT INTO task WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, ELT(n % 4 + 1, 'mon', 'tue day', 'sun', NULL), 'code ' || n, CASE WHEN n % 2 = 0 THEN '["mon", null, "tue day"]' END FROM n;
INSERT INTO step WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, n % 8 + 1, 'step ' || n FROM n;
