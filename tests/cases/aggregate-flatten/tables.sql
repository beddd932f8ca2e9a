-- What is made of all rows of a child among the fields of its parent, and one such value alone: of direct children, behind a
-- join table, below a flattened child that may not be there.
-- features: 106
CREATE TABLE city (id integer PRIMARY KEY, name text);
CREATE TABLE team (id integer PRIMARY KEY, name text, city_id integer REFERENCES city ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE player (
  id integer PRIMARY KEY,
  team_id integer REFERENCES team ON UPDATE CASCADE ON DELETE CASCADE,
  goals integer,
  name text,
  active boolean
);
CREATE TABLE sponsor (id integer PRIMARY KEY, name text, amount numeric(10, 2));
CREATE TABLE team_sponsor (
  team_id integer REFERENCES team ON UPDATE CASCADE ON DELETE CASCADE,
  sponsor_id integer REFERENCES sponsor ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (team_id, sponsor_id)
);
