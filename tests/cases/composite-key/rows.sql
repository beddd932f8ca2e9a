INSERT INTO course SELECT 2000 + n % 3, 'code ' || n, n % 2, 'course ' || n FROM generate_series(1, 6) n;
INSERT INTO course VALUES (2001, 'a|b\c', 7, 'with a bar');
INSERT INTO lesson SELECT c.year, c.code, c.number, n, 'lesson ' || n FROM course c, generate_series(1, 3) n WHERE c.number < 5 OR n = 2;
INSERT INTO mark SELECT row_number() OVER (ORDER BY code, part), year, code, "number", part, part * 1.5 FROM lesson WHERE part > 1;
INSERT INTO mark VALUES (100, 2001, NULL, 7, 2, 0);
