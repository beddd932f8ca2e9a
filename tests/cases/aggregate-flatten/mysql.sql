-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE city (id int PRIMARY KEY, name varchar(100));
CREATE TABLE team (id int PRIMARY KEY, name varchar(100), city_id int, FOREIGN KEY (city_id) REFERENCES city (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */);
CREATE TABLE player (
  id int PRIMARY KEY,
  team_id int,
  goals int,
  name varchar(100),
  active boolean,
  FOREIGN KEY (team_id) REFERENCES team (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE sponsor (id int PRIMARY KEY, name varchar(100), amount decimal(10, 2));
CREATE TABLE team_sponsor (
  team_id int,
  sponsor_id int,
  PRIMARY KEY (team_id, sponsor_id),
  FOREIGN KEY (team_id) REFERENCES team (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (sponsor_id) REFERENCES sponsor (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO city WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'city ' || n FROM n;
INSERT INTO team WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT n, 'team ' || n, nullif(n % 4, 0) FROM n;
INSERT INTO player WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 25)
  SELECT n, nullif(n % 6, 0), CASE WHEN n % 6 <> 5 THEN n % 9 END, 'player ' || n, n % 3 = 0 FROM n;
INSERT INTO sponsor WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'sponsor ' || n, CASE WHEN n < 5 THEN n * 10.5 END FROM n;
INSERT INTO team_sponsor WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT DISTINCT n % 5 + 1, n * 2 % 5 + 1 FROM n;
