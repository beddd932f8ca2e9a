INSERT INTO country VALUES ('at', 'Austria'), ('be', NULL), ('cz', 'Czechia');
INSERT INTO publisher VALUES (1, 'one', 'at'), (2, 'two', 'be'), (3, 'three', NULL);
INSERT INTO office VALUES (1, 'first street', 1), (2, NULL, 1), (3, 'third', 3), (4, 'no publisher', NULL);
INSERT INTO book VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, NULL, NULL), (5, 'e', 1);
INSERT INTO tag VALUES (1, 'red'), (2, 'blue'), (3, NULL);
INSERT INTO book_tag VALUES (1, 1), (1, 2), (2, 3);
INSERT INTO page VALUES (1, 100, 1), (2, 200, 1), (3, NULL, 3), (4, 1, NULL);
