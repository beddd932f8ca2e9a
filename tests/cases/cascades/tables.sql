-- Changes that the database makes itself: cascades of updates and deletes over three levels, SET NULL and SET DEFAULT,
-- and a trigger that writes to another table.
-- features: 65, 66, 68
CREATE TABLE zone (id integer PRIMARY KEY, name text);
CREATE TABLE route (
  id integer PRIMARY KEY,
  zone_id integer DEFAULT 1 REFERENCES zone ON UPDATE CASCADE ON DELETE SET DEFAULT,
  stops integer NOT NULL DEFAULT 0,
  name text
);
CREATE TABLE stop (
  route_id integer REFERENCES route ON UPDATE CASCADE ON DELETE CASCADE,
  number integer,
  name text,
  PRIMARY KEY (route_id, number)
);
CREATE TABLE bench (
  id integer PRIMARY KEY,
  route_id integer, number integer, colour text,
  CONSTRAINT of_route_id_number FOREIGN KEY (route_id, number) REFERENCES stop ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE FUNCTION count_stops() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE route r SET stops = (SELECT count(*) FROM stop s WHERE s.route_id = r.id) WHERE r.id IN (NEW.route_id, OLD.route_id);
  RETURN NULL;
END $$;
CREATE TRIGGER count_stops AFTER UPDATE ON stop FOR EACH ROW EXECUTE PROCEDURE count_stops();
