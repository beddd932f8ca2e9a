INSERT INTO maker SELECT n, nullif('maker ' || n, 'maker 3') FROM generate_series(1, 4) n;
INSERT INTO product SELECT n, 'product ' || n, nullif(n % 4, 0) FROM generate_series(1, 8) n;
-- Product 8 has no review, product 7 one of NULL alone, product 6 some whose means have no end.
INSERT INTO review SELECT n, nullif(n % 7, 0), n % 3, n % 5 + 1, n * 10000000000, n * 1.25, n / 4.0::real, n / 8.0,
  'note ' || n, CASE n % 3 WHEN 0 THEN 'Handle' ELSE 'handle' || n END, (ARRAY['sour', 'calm', 'glad']::mood[])[n % 3 + 1],
  date '2026-01-01' + n % 20, timestamp '2026-01-01 12:00:00' + n * interval '1 hour', time '08:00' + n * interval '1 minute',
  n % 4 = 0
  FROM generate_series(1, 27) n;
INSERT INTO review (id, product_id) VALUES (100, 7), (101, 7);
INSERT INTO review (id, product_id, stars, price) VALUES (102, 6, 5, 1.50), (103, 6, 5, 2.25);
INSERT INTO label SELECT n, 'label ' || n % 4, nullif(n % 4, 0) FROM generate_series(1, 6) n;
-- Product 1 has label 1 twice.
INSERT INTO product_label VALUES (1, 1, 1), (2, 1, 1), (3, 1, 2), (4, 2, 3), (5, 3, NULL), (6, NULL, 1), (7, 2, 5), (8, 5, 6);
