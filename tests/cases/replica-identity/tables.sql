-- Tables whose replica identity is the user's own: another unique index than the key, and whole rows.
-- features: 66, 70
CREATE TABLE ship (id integer PRIMARY KEY, name text NOT NULL UNIQUE, flag text);
ALTER TABLE ship REPLICA IDENTITY USING INDEX ship_name_key;
CREATE TABLE cabin (id integer PRIMARY KEY, ship_id integer REFERENCES ship ON UPDATE CASCADE ON DELETE CASCADE, number integer NOT NULL, deck text);
ALTER TABLE cabin REPLICA IDENTITY FULL;
CREATE TABLE passenger (id integer PRIMARY KEY, code integer NOT NULL UNIQUE, cabin_id integer REFERENCES cabin ON UPDATE CASCADE ON DELETE SET NULL, name text);
ALTER TABLE passenger REPLICA IDENTITY USING INDEX passenger_code_key;
