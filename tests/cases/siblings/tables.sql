-- The same table under several labels of one parent, with different columns, directly and through a join table.
-- features: 41
CREATE TABLE team (id integer PRIMARY KEY, name text);
CREATE TABLE player (id integer PRIMARY KEY, name text, number integer, team_id integer REFERENCES team ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE lent (
  id integer PRIMARY KEY,
  team_id integer REFERENCES team ON UPDATE CASCADE ON DELETE CASCADE,
  player_id integer REFERENCES player ON UPDATE CASCADE ON DELETE CASCADE
);
