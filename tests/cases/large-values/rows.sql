INSERT INTO paper SELECT n, 'paper ' || n, repeat('body ' || n || ' ', 1000), json_build_object('n', repeat(md5(n::text), 200))::jsonb
  FROM generate_series(1, 4) n;
INSERT INTO note SELECT n, n % 4 + 1, n % 5, repeat('note ' || n || ' ', 700) FROM generate_series(1, 6) n;
INSERT INTO key_of_length SELECT repeat('k', 300) || n, n % 4 + 1, n FROM generate_series(1, 5) n;
