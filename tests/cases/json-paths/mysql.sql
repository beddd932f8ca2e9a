-- The same tables and rows for MySQL and MariaDB, but for a number whose last digit MySQL does not keep (here a text) and a name
-- that is there twice (of which MariaDB finds the first).
CREATE TABLE page (
  id int PRIMARY KEY,
  doc json,
  raw json
);
CREATE TABLE part (
  id int PRIMARY KEY,
  page_id int,
  doc json,
  FOREIGN KEY (page_id) REFERENCES page (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO page VALUES
  (1, '{"a": 1, "x": [{"y": "z 1"}, 2], "d": {"e": {"f": [1, 2, 3, 4, 55]}}, "with space": true, "t": "a \"text\""}', '{"a": 1.50, "l": [10, "20", 30], "t": {"u": [1]}}'),
  (2, '{"a": null, "x": {"0": "a key and no index"}, "d": {"t": null}, "t": "1.50"}', '{"a": 3}'),
  (3, '[1, 2, 3]', '[{"a": 9}]'),
  (4, 'null', 'null'),
  (5, NULL, NULL),
  (6, '"a"', '"l"');
INSERT INTO part WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, n % 6 + 1, JSON_OBJECT('size', JSON_ARRAY(n, n + 1), 'name', 'part ' || n) FROM n;
