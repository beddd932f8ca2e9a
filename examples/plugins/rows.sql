INSERT INTO place VALUES
    (1, 'Café Zentral', 'bar', 'ada@example.org', '1999-01-01', 'infinity', '(8.5,7.25)'),
    (2, 'The Corner  Shop!', 'shop', 'no address', '-infinity', '2020-05-06', '(-1.5,2.5)'),
    (3, 'Not open yet', 'draft', 'eve@example.org', NULL, NULL, NULL),
    (4, '...', 'bar', NULL, NULL, NULL, NULL);
INSERT INTO review VALUES
    (1, 1, 'bob@example.org', 'good'), (2, 1, '@', NULL), (3, 2, 'x@y', 'a "quoted" word'), (4, 3, 'nobody', 'soon');
