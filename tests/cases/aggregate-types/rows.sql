INSERT INTO place SELECT n, 'place ' || n FROM generate_series(1, 6) n;
-- Place 6 has no probe, place 5 one of NULL alone, place 4 some with values that are no numbers.
INSERT INTO probe SELECT n, nullif(n % 5, 0), n * 10000000000, n * 1.25, n / 4.0::real, n / 8.0, 'c' || n,
  timestamptz '2026-01-01 12:00:00+00' + n * interval '1 hour', ('10.' || n || '.0.0/16')::cidr, ARRAY['t' || n, NULL]
  FROM generate_series(1, 19) n;
INSERT INTO probe (id, place_id) VALUES (100, 5);
INSERT INTO probe (id, place_id, votes, price, share, score) VALUES
  (102, 4, 9223372036854775807, 'NaN', 'NaN', 'Infinity'), (103, 4, 9223372036854775807, 1e30, '-Infinity', 0.125);
