INSERT INTO continent SELECT n, 'continent ' || n FROM generate_series(1, 2) n;
INSERT INTO country SELECT n, 'country ' || n, n % 2 + 1 FROM generate_series(1, 3) n;
INSERT INTO publisher SELECT n, 'publisher ' || n, n % 2 = 0 FROM generate_series(1, 3) n;
INSERT INTO book SELECT 'isbn-' || n, 'title ' || n, 'description ' || n, '© ' || n, json_build_array('tag ' || n, 'x'),
  json_build_object('a', json_build_object('b', json_build_object('c', json_build_array(n, n + 1, n + 2))), 'i', 73 + n, 'bool', n % 2 = 0,
    'firstname', 'Glenn ' || n, 'coords', json_build_array(n, n + 0.5)), nullif(n % 4, 0) FROM generate_series(1, 6) n;
INSERT INTO author SELECT n, 'author ' || n, timestamp '1950-01-01 12:00' + n * interval '400 days', nullif(n % 4, 0) FROM generate_series(1, 5) n;
INSERT INTO subject SELECT n, 'subject ' || n FROM generate_series(1, 4) n;
INSERT INTO language SELECT n, 'lang' || n FROM generate_series(1, 3) n;
INSERT INTO rating SELECT n, n + 0.5, 'isbn-' || n FROM generate_series(1, 4) n;
INSERT INTO book_author SELECT n, 'isbn-' || n % 6 + 1, n * 3 % 5 + 1 FROM generate_series(1, 9) n;
INSERT INTO book_subject SELECT n, 'isbn-' || n % 5 + 1, n * 3 % 4 + 1 FROM generate_series(1, 8) n;
INSERT INTO book_language SELECT n, 'isbn-' || n % 6 + 1, n % 3 + 1 FROM generate_series(1, 7) n;
