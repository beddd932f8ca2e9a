INSERT INTO room VALUES
  ('[1,5)', 'a', '{[1,3),[5,8)}', '{[2020-01-01,2020-02-01)}', '{"[1.5,2)",empty}', '{[2020-01-01 00:00+00,)}'),
  ('[11,15)', 'b', '{}', '{}', '{}', '{}'),
  ('empty', 'c', NULL, NULL, NULL, NULL),
  ('(,3)', NULL, '{(,)}', '{(,2020-01-01)}', '{NULL}', '{(,)}');
INSERT INTO booking SELECT n, (ARRAY['[1,5)', '[11,14]', 'empty', NULL])[n % 4 + 1]::int4range,
  datemultirange(daterange(date '2020-01-01' + n, date '2020-01-02' + n)), 'label ' || n FROM generate_series(1, 9) n;
