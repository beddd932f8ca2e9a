-- The same tables and rows for MySQL and MariaDB, which have no SET DEFAULT: a route whose zone goes has none then.
CREATE TABLE zone (id int PRIMARY KEY, name varchar(100));
CREATE TABLE route (
  id int PRIMARY KEY,
  zone_id int DEFAULT 1,
  stops int NOT NULL DEFAULT 0,
  name varchar(100),
  FOREIGN KEY (zone_id) REFERENCES zone (id) ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE stop (
  route_id int,
  number int,
  name varchar(100),
  PRIMARY KEY (route_id, number),
  FOREIGN KEY (route_id) REFERENCES route (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE bench (
  id int PRIMARY KEY,
  route_id int,
  number int,
  colour varchar(100),
  CONSTRAINT of_route_id_number FOREIGN KEY (route_id, number) REFERENCES stop (route_id, number) ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TRIGGER count_stops AFTER UPDATE ON stop FOR EACH ROW
  UPDATE route SET stops = (SELECT count(*) FROM stop s WHERE s.route_id = route.id) WHERE id IN (NEW.route_id, OLD.route_id);
INSERT INTO zone WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'zone ' || n FROM n;
INSERT INTO route WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, n % 4 + 1, 2, 'route ' || n FROM n;
INSERT INTO stop SELECT r.id, n.n, 'stop ' || r.id || ' ' || n.n FROM route r JOIN (SELECT 1 AS n UNION ALL SELECT 2) n;
INSERT INTO bench WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT n, n % 6 + 1, n % 2 + 1, 'colour ' || n FROM n;
