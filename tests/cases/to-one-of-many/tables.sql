-- A to-one child of which there are several rows: the one with the lowest key is shown, and another when it goes.
-- features: 24, 26
CREATE TABLE machine (id integer PRIMARY KEY, name text);
CREATE TABLE state (
  at timestamp, number integer, machine_id integer REFERENCES machine ON UPDATE CASCADE ON DELETE CASCADE, text text,
  PRIMARY KEY (number, at)
);
CREATE TABLE cause (id text PRIMARY KEY, state_number integer, text text);
