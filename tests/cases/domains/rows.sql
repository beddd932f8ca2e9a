INSERT INTO plan VALUES
  ('mon', 'first', 1.5, 10, '{1.10,2.20}', '{"a": 1}'),
  ('tue day', NULL, NULL, NULL, '{}', 'null'),
  ('sun', 'last', 0, 99, NULL, NULL);
INSERT INTO task SELECT n, (ARRAY['mon', 'tue day', 'sun', NULL])[n % 4 + 1]::kinds."Day", 'code ' || n,
  CASE WHEN n % 2 = 0 THEN '{mon,NULL,"tue day"}'::kinds."Day"[] END FROM generate_series(1, 9) n;
INSERT INTO step SELECT n, n % 8 + 1, 'step ' || n FROM generate_series(1, 12) n;
