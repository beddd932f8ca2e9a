-- Fields that are computed of a row, at every place: the root, children of each shape, behind a join table, under `where`,
-- `order_by` and `limit`, without a key. Whatever they read is no shown column.
-- features: 105
CREATE TABLE customer (
  id integer PRIMARY KEY,
  first_name text,
  "lastName" text,
  born date,
  doc jsonb
);
CREATE TABLE invoice (
  id integer PRIMARY KEY,
  customer_id integer REFERENCES customer ON UPDATE CASCADE ON DELETE CASCADE,
  amount numeric(10, 2),
  vat numeric(4, 2),
  pieces integer,
  paid boolean
);
CREATE TABLE address (
  customer_id integer PRIMARY KEY REFERENCES customer ON UPDATE CASCADE ON DELETE CASCADE,
  street text,
  town text
);
CREATE TABLE tag (id integer PRIMARY KEY, name text, level smallint);
CREATE TABLE customer_tag (
  customer_id integer REFERENCES customer ON UPDATE CASCADE ON DELETE CASCADE,
  tag_id integer REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (customer_id, tag_id)
);
