INSERT INTO region VALUES (1, 1, 'one'), (1, 2, NULL), (NULL, 1, 'a is null'), (1, NULL, 'b is null'), (NULL, NULL, 'both');
INSERT INTO town VALUES (1, 'a', 1, 1, 1), (2, NULL, 1, 2, 2), (3, 'c', NULL, 1, NULL), (4, 'd', 1, NULL, NULL), (5, NULL, NULL, NULL, NULL), (6, 'f', 1, 1, 6);
INSERT INTO shop VALUES (1, 1, 'one'), (2, 1, NULL), (3, NULL, 'three'), (4, 2, NULL), (5, 6, 'five');
INSERT INTO brand VALUES (1, 1, 'one'), (2, NULL, 'no code'), (3, 3, NULL);
INSERT INTO sells VALUES (1, 1), (1, 3), (NULL, 1), (2, NULL), (NULL, NULL), (4, 3);
