-- Children in an order that the schema says, and the first of them only: directly, behind a join table, in a load by ranges,
-- and the one row of a to-one field.
-- features: 103
CREATE TABLE shop (id integer PRIMARY KEY, name text);
CREATE TABLE sale (
  id integer PRIMARY KEY, amount integer, note text, day date,
  shop integer REFERENCES shop ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE item (id integer PRIMARY KEY, name text, price integer);
CREATE TABLE shop_item (
  shop integer REFERENCES shop ON UPDATE CASCADE ON DELETE CASCADE,
  item integer REFERENCES item ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (shop, item)
);
CREATE TABLE part (id integer PRIMARY KEY, name text, item integer REFERENCES item ON UPDATE CASCADE ON DELETE CASCADE);
