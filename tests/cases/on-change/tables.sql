-- Children of which documents follow only that they come, go and move: what is shown of them is what links them, so that it
-- is right after every change all the same.
-- features: 102
CREATE TABLE shop (id integer PRIMARY KEY, name text);
CREATE TABLE kind (id integer PRIMARY KEY, name text);
CREATE TABLE item (
  id integer PRIMARY KEY,
  shop_id integer REFERENCES shop ON UPDATE CASCADE ON DELETE CASCADE,
  kind_id integer REFERENCES kind ON UPDATE CASCADE ON DELETE SET NULL,
  name text,
  removed boolean
);
CREATE TABLE tag (id integer PRIMARY KEY, name text);
CREATE TABLE shop_tag (
  shop_id integer REFERENCES shop ON UPDATE CASCADE ON DELETE CASCADE,
  tag_id integer REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (shop_id, tag_id)
);
