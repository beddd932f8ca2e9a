INSERT INTO country VALUES ('at', 'Austria'), ('be', NULL), ('cz', 'Czechia');
INSERT INTO author VALUES (1, 'Ada', 'at'), (2, 'Bob', NULL), (3, NULL, 'be'), (4, 'Dan', 'at');
INSERT INTO book VALUES (1, 'one', false), (2, 'two', true), (3, NULL, NULL);
INSERT INTO book_author VALUES (1, 1), (1, 3), (2, 1), (2, 2), (3, 4);
INSERT INTO review VALUES (1, 5, 'good', 1), (2, 0, 'bad', 1), (3, 3, NULL, 1), (4, NULL, 'x', 2), (5, 4, 'y', NULL);
