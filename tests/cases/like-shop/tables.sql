-- Three levels with an explicit foreign key at each, although each is declared.
-- features: 29, 35
CREATE TABLE category (category_id integer PRIMARY KEY, name text);
CREATE TABLE product (
  product_id integer PRIMARY KEY, name text, price numeric(8, 2),
  category_id integer REFERENCES category ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE stock (
  stock_id integer PRIMARY KEY, amount integer, place text,
  product_id integer REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE
);
