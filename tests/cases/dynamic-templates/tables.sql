-- A mapping with dynamic templates of the user's, which come before what is inferred.
-- features: 56
CREATE TABLE product (id integer PRIMARY KEY, sku_code text, name text, price numeric(10, 2));
CREATE TABLE variant (id integer PRIMARY KEY, product_id integer REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE, sku_code text, size float8);
