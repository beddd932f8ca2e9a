CREATE TABLE species (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE unit (id integer PRIMARY KEY, name text NOT NULL, species_code text, built_by integer);
CREATE TABLE weapon (id integer PRIMARY KEY, unit_id integer, damage smallint);
INSERT INTO species VALUES ('t', 'Terran'), ('z', 'Zerg');
INSERT INTO unit VALUES (1, 'Barracks', 't', NULL), (2, 'Marine', 't', 1), (3, 'Zergling', 'z', NULL), (4, 'Stranger', 'x', 99);
INSERT INTO weapon VALUES (1, 2, 6), (2, 3, 5), (3, 2, 7);
-- A join table of the table with itself, without a key and without declared foreign keys.
CREATE TABLE counters (winner integer NOT NULL, loser integer NOT NULL);
INSERT INTO counters VALUES (2, 3), (3, 1), (2, 1);
