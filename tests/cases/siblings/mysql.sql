-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE team (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE player (
  id int PRIMARY KEY,
  name varchar(100),
  number int,
  team_id int,
  FOREIGN KEY (team_id) REFERENCES team (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE lent (
  id int PRIMARY KEY,
  team_id int,
  player_id int,
  FOREIGN KEY (team_id) REFERENCES team (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (player_id) REFERENCES player (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO team WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'team ' || n FROM n;
INSERT INTO player WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, 'player ' || n, n * 7 % 12, nullif(n % 5, 0) FROM n;
INSERT INTO lent WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, n % 4 + 1, n * 5 % 12 + 1 FROM n;
