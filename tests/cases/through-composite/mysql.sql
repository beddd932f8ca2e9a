-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE city (
  country varchar(100),
  name varchar(100),
  people int,
  PRIMARY KEY (country, name)
);
CREATE TABLE firm (
  code varchar(100),
  number int,
  title varchar(100),
  PRIMARY KEY (number, code)
);
CREATE TABLE office (
  id int PRIMARY KEY,
  town varchar(100),
  land varchar(100),
  firm_number int,
  firm_code varchar(100),
  CONSTRAINT of_town_land FOREIGN KEY (land, town) REFERENCES city (country, name) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT of_firm_code_firm_number FOREIGN KEY (firm_number, firm_code) REFERENCES firm (number, code) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE road (
  id int PRIMARY KEY,
  from_land varchar(100),
  from_town varchar(100),
  to_land varchar(100),
  to_town varchar(100),
  CONSTRAINT of_from_land_from_town FOREIGN KEY (from_land, from_town) REFERENCES city (country, name) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT of_to_land_to_town FOREIGN KEY (to_land, to_town) REFERENCES city (country, name) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO city WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT 'land ' || (n % 3), 'town ' || n, n * 1000 FROM n;
INSERT INTO firm WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT 'code ' || (n % 2), n, 'firm ' || n FROM n;
INSERT INTO office WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 14)
  SELECT n, 'town ' || m, 'land ' || (m % 3), f, 'code ' || (f % 2) FROM (SELECT n, n % 6 + 1 AS m, n * 3 % 5 + 1 AS f FROM n) x;
INSERT INTO office VALUES (50, 'nowhere', NULL, 1, 'code 1');
INSERT INTO road WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT n, 'land ' || (a % 3), 'town ' || a, 'land ' || (b % 3), 'town ' || b FROM (SELECT n, n % 7 + 1 AS a, n * 4 % 7 + 1 AS b FROM n) x;
