INSERT INTO person VALUES
  (1, ROW(ROW('a "quoted" street', 1), 'town', '{x,"y z"}'), ARRAY[ROW('b', 2)::place, NULL], '[0.5,2.25)'),
  (2, ROW(NULL, NULL, NULL), '{}', 'empty'),
  (3, NULL, NULL, NULL),
  (4, ROW(ROW('', 0), '', '{}'), ARRAY[ROW(NULL, NULL)::place], '(,)');
INSERT INTO visit SELECT n, n % 4 + 1, ROW('street ' || n, n)::place FROM generate_series(1, 7) n;
