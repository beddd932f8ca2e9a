INSERT INTO publisher VALUES (1, 'one'), (2, 'two'), (10, 'ten');
INSERT INTO book VALUES ('a', 'first', 1, 2), ('b', 'second', 10, 10), ('c', 'third', NULL, NULL), ('d "e"', 'fourth', 2, 10);
INSERT INTO author VALUES (1, 'Ada'), (2, 'Bea'), (30, 'Cy');
INSERT INTO book_author VALUES (1, 'a', 30), (2, 'a', 1), (3, 'b', 2), (12, 'd "e"', 1), (4, 'd "e"', 1);
INSERT INTO chapter VALUES ('a', 1, 'in'), ('a', 2, 'out'), ('a', 10, 'end'), ('b', 1, 'all');
INSERT INTO mark VALUES (1, 5), (1, 3), (2, 4);
