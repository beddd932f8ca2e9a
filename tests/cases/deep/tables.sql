-- Six levels, to-one and to-many by turns, changed at every depth.
-- features: 29, 68
CREATE TABLE country (id integer PRIMARY KEY, name text);
CREATE TABLE city (id integer PRIMARY KEY, name text, country_id integer REFERENCES country ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE street (id integer PRIMARY KEY, name text, city_id integer REFERENCES city ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE owner (id integer PRIMARY KEY, name text);
CREATE TABLE house (
  id integer PRIMARY KEY,
  number text,
  street_id integer REFERENCES street ON UPDATE CASCADE ON DELETE CASCADE,
  owner_id integer REFERENCES owner ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE pet (id integer PRIMARY KEY, name text, owner_id integer REFERENCES owner ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE toy (id integer PRIMARY KEY, name text, pet_id integer REFERENCES pet ON UPDATE CASCADE ON DELETE CASCADE);
