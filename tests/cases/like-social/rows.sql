INSERT INTO "user" SELECT n, 'user ' || n, 20 + n FROM generate_series(1, 4) n;
INSERT INTO post SELECT n, 'post ' || n, 'slug-' || n FROM generate_series(1, 5) n;
INSERT INTO comment SELECT n, 'comment ' || n, 'content ' || n FROM generate_series(1, 6) n;
INSERT INTO tag SELECT n, 'tag ' || n FROM generate_series(1, 4) n;
INSERT INTO user_post SELECT n, n % 4 + 1, n * 3 % 5 + 1 FROM generate_series(1, 7) n;
INSERT INTO post_comment SELECT n, n % 5 + 1, n * 5 % 6 + 1 FROM generate_series(1, 8) n;
INSERT INTO user_tag SELECT n, n % 3 + 1, n % 4 + 1 FROM generate_series(1, 6) n;
INSERT INTO comment_tag SELECT DISTINCT n % 6 + 1, n % 4 + 1 FROM generate_series(1, 9) n;
