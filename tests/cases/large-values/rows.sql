INSERT INTO paper SELECT n, 'paper ' || n, repeat('body ' || n || ' ', 400),
    json_build_object('n', (SELECT string_agg(encode(sha256(convert_to(n || ' ' || m, 'UTF8')), 'hex'), '') FROM generate_series(1, 40) m))::jsonb, repeat('topic ' || n % 2, 300)
  FROM generate_series(1, 3) n;
INSERT INTO note SELECT n, n % 3 + 1, n % 5, repeat('note ' || n || ' ', 320) FROM generate_series(1, 4) n;
INSERT INTO key_of_length SELECT repeat('k', 300) || n, n % 3 + 1, n FROM generate_series(1, 4) n;
INSERT INTO about SELECT n, repeat('topic ' || n % 3, 300), 'about ' || n FROM generate_series(1, 5) n;
