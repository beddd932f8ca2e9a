INSERT INTO publisher VALUES (1, 'one', true), (2, 'two', false), (3, 'three', true);
INSERT INTO book VALUES ('a', 'A', 1), ('b', 'B', 2), ('c', NULL, 1), ('d', 'D', NULL);
INSERT INTO magazine VALUES ('a', 'A'), ('x', NULL);
