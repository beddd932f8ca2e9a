-- Rows that are shown under a condition, at every place: the root, a child, a child behind a join table, and the parent of
-- another document. Whatever decides it is no shown column.
-- features: 101
CREATE TABLE shop (id integer PRIMARY KEY, name text, "deletedAt" timestamp);
CREATE TABLE item (
  id integer PRIMARY KEY,
  shop_id integer REFERENCES shop ON UPDATE CASCADE ON DELETE CASCADE,
  name text,
  kind text,
  doc jsonb,
  removed boolean
);
CREATE TABLE tag (id integer PRIMARY KEY, name text, level integer);
CREATE TABLE item_tag (
  item_id integer REFERENCES item ON UPDATE CASCADE ON DELETE CASCADE,
  tag_id integer REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (item_id, tag_id)
);
CREATE TABLE note (id integer PRIMARY KEY, item_id integer REFERENCES item ON UPDATE CASCADE ON DELETE CASCADE, body text);
