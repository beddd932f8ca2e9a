-- A table between parent and child to which the child refers, and three levels of to-many below it, all columns and
-- labels throughout.
-- features: 28, 29, 30, 34
CREATE TABLE parent (id integer PRIMARY KEY, name text);
CREATE TABLE surrogate (
  id integer PRIMARY KEY,
  parent_id integer NOT NULL REFERENCES parent ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE child (
  id integer PRIMARY KEY, name text,
  parent_id integer NOT NULL REFERENCES surrogate ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE grand_child (id integer PRIMARY KEY, name text, child_id integer NOT NULL REFERENCES child ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE great_grand_child (
  id integer PRIMARY KEY, name text,
  grand_child_id integer NOT NULL REFERENCES grand_child ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE last_child (
  id integer PRIMARY KEY, name text,
  great_grand_child_id integer NOT NULL REFERENCES great_grand_child ON UPDATE CASCADE ON DELETE CASCADE
);
