INSERT INTO category SELECT ('top.c' || n)::ext.ltree, 'category ' || n FROM generate_series(1, 5) n;
INSERT INTO product SELECT n, 'product ' || n, ARRAY['a.b' || n, 'c']::ext.ltree[] FROM generate_series(1, 5) n;
INSERT INTO filed SELECT DISTINCT n % 5 + 1, ('top.c' || n * 2 % 5 + 1)::ext.ltree FROM generate_series(1, 8) n;
INSERT INTO note SELECT n, ('top.c' || n % 6)::ext.ltree, 'note ' || n FROM generate_series(1, 8) n;
