-- Means of floats, whose last digits older servers write otherwise; of a parent by a key that is no integer, so that a load asks
-- for each.
-- features: 106
-- least: 12
CREATE TABLE sensor (code text PRIMARY KEY);
CREATE TABLE reading (
  id integer PRIMARY KEY,
  sensor text REFERENCES sensor ON UPDATE CASCADE ON DELETE CASCADE,
  share real,
  score double precision
);
