-- Join tables under one another and under to-many children, one table in two branches, a scalar behind a join table.
-- features: 26, 27, 28, 29, 41
CREATE TABLE country (id integer PRIMARY KEY, country text);
CREATE TABLE city (id integer PRIMARY KEY, city text, country_id integer REFERENCES country ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE store (id integer PRIMARY KEY, phone text, city_id integer REFERENCES city ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE film (id integer PRIMARY KEY, title text, minutes smallint);
CREATE TABLE actor (id integer PRIMARY KEY, name text);
CREATE TABLE category (id integer PRIMARY KEY, name text);
CREATE TABLE film_actor (
  actor_id integer REFERENCES actor ON UPDATE CASCADE ON DELETE CASCADE,
  film_id integer REFERENCES film ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (actor_id, film_id)
);
CREATE TABLE film_category (
  film_id integer REFERENCES film ON UPDATE CASCADE ON DELETE CASCADE,
  category_id integer REFERENCES category ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (film_id, category_id)
);
CREATE TABLE inventory (
  id integer PRIMARY KEY,
  film_id integer REFERENCES film ON UPDATE CASCADE ON DELETE CASCADE,
  store_id integer REFERENCES store ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE customer (id integer PRIMARY KEY, name text, city_id integer REFERENCES city ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE rental (
  id integer PRIMARY KEY,
  inventory_id integer REFERENCES inventory ON UPDATE CASCADE ON DELETE CASCADE,
  customer_id integer REFERENCES customer ON UPDATE CASCADE ON DELETE CASCADE,
  day date
);
