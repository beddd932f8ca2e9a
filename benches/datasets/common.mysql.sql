-- What every dataset is made with on MySQL and MariaDB: the numbers and sentences of `common.sql`, so the rows are the same.
-- Statements end with their line.
CREATE FUNCTION pick(id BIGINT, salt INTEGER, n BIGINT) RETURNS BIGINT DETERMINISTIC NO SQL
RETURN CAST(CONV(SUBSTR(SHA2(CONCAT(id, ':', salt, ':', :seed), 256), 1, 15), 16, 10) AS UNSIGNED) % n;

CREATE FUNCTION word_of(text TEXT, number INTEGER) RETURNS VARCHAR(40) DETERMINISTIC NO SQL
RETURN SUBSTRING_INDEX(SUBSTRING_INDEX(text, ' ', number), ' ', -1);

CREATE FUNCTION capital(word VARCHAR(40)) RETURNS VARCHAR(40) DETERMINISTIC NO SQL
RETURN CONCAT(UPPER(LEFT(word, 1)), SUBSTR(word, 2));

CREATE TABLE digit (d INTEGER PRIMARY KEY);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);

-- As many numbers as the largest table needs.
CREATE TABLE number (n INTEGER PRIMARY KEY);
INSERT INTO number SELECT STRAIGHT_JOIN a.d * 1000000 + b.d * 100000 + c.d * 10000 + d.d * 1000 + e.d * 100 + f.d * 10 + g.d + 1 AS n
FROM digit a JOIN digit b JOIN digit c JOIN digit d JOIN digit e JOIN digit f JOIN digit g
HAVING n <= GREATEST(:rows, 100000);

CREATE TABLE word (id INTEGER PRIMARY KEY, word VARCHAR(40) NOT NULL);
INSERT INTO word SELECT n, word_of(':words', n) FROM number
WHERE n <= LENGTH(':words') - LENGTH(REPLACE(':words', ' ', '')) + 1;

CREATE TABLE sentence (id INTEGER PRIMARY KEY, text VARCHAR(200) NOT NULL);
INSERT INTO sentence SELECT STRAIGHT_JOIN s.n - 1, GROUP_CONCAT(word.word ORDER BY i.n SEPARATOR ' ')
FROM number s JOIN number i ON i.n <= 10
JOIN word ON word.id = 1 + pick(s.n - 1, 100 + i.n, (SELECT COUNT(*) FROM word w))
WHERE s.n <= 4096 GROUP BY s.n;
