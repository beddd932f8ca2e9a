-- A chain of to-one relations with foreign keys on either side by turns, and a scalar at its end; dates under new names.
-- features: 24, 29, 34, 49
CREATE TABLE host (id integer PRIMARY KEY, email text, joined date);
CREATE TABLE city (id integer PRIMARY KEY, name text, code varchar(5));
CREATE TABLE home (
  id integer PRIMARY KEY,
  name text,
  city_id integer NOT NULL REFERENCES city ON UPDATE CASCADE ON DELETE CASCADE,
  host_id integer REFERENCES host ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE guest (id integer PRIMARY KEY, name text);
CREATE TABLE stay (
  id integer PRIMARY KEY,
  guest_id integer NOT NULL REFERENCES guest ON UPDATE CASCADE ON DELETE CASCADE,
  home_id integer NOT NULL REFERENCES home ON UPDATE CASCADE ON DELETE CASCADE,
  begins date, ends date, price real
);
CREATE TABLE opinion (
  id integer PRIMARY KEY,
  stay_id integer NOT NULL UNIQUE REFERENCES stay ON UPDATE CASCADE ON DELETE CASCADE,
  rating smallint, text text
);
