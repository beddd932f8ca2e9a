-- System columns: of a root and of a child, each with a new value after every change of its row.
-- features: 45
-- mysql: no, their rows have no system columns.
CREATE TABLE shelf (id integer PRIMARY KEY, name text, unseen integer);
CREATE TABLE item (
  id integer PRIMARY KEY, unseen text,
  shelf integer REFERENCES shelf ON UPDATE CASCADE ON DELETE CASCADE
);
