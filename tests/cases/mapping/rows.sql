INSERT INTO article SELECT n, 'title ' || n, 'The body of ' || n, json_build_object('n', n, 'kind', 'k' || n % 2)::jsonb, date '2021-01-01' + n
  FROM generate_series(1, 5) n;
INSERT INTO comment SELECT n, n % 5 + 1, 'author ' || n % 3, 'comment ' || n FROM generate_series(1, 9) n;
