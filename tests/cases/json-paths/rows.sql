INSERT INTO page VALUES
  (1, '{"a": 1, "x": [{"y": "z 1"}, 2], "d": {"e": {"f": [1, 2, 3, 4, 55]}}, "with space": true, "t": "a \"text\""}', '{"a": 1.50, "l": [10, "20", 30], "t": {"u": [1]}}'),
  (2, '{"a": null, "x": {"0": "a key and no index"}, "d": {"t": null}, "t": 1.50}', '{"a": {"b": 1}, "a": 3}'),
  (3, '[1, 2, 3]', '[{"a": 9}]'),
  (4, 'null', 'null'),
  (5, NULL, NULL),
  (6, '"a"', '"l"');
INSERT INTO part SELECT n, n % 6 + 1, json_build_object('size', json_build_array(n, n + 1), 'name', 'part ' || n)::jsonb FROM generate_series(1, 9) n;
