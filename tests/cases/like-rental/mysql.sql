-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE country (
  id int PRIMARY KEY,
  country varchar(100)
);
CREATE TABLE city (
  id int PRIMARY KEY,
  city varchar(100),
  country_id int,
  FOREIGN KEY (country_id) REFERENCES country (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE store (
  id int PRIMARY KEY,
  phone varchar(100),
  city_id int,
  FOREIGN KEY (city_id) REFERENCES city (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE film (
  id int PRIMARY KEY,
  title varchar(100),
  minutes smallint
);
CREATE TABLE actor (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE category (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE film_actor (
  actor_id int,
  film_id int,
  PRIMARY KEY (actor_id, film_id),
  FOREIGN KEY (actor_id) REFERENCES actor (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (film_id) REFERENCES film (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE film_category (
  film_id int,
  category_id int,
  PRIMARY KEY (film_id, category_id),
  FOREIGN KEY (film_id) REFERENCES film (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (category_id) REFERENCES category (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE inventory (
  id int PRIMARY KEY,
  film_id int,
  store_id int,
  FOREIGN KEY (film_id) REFERENCES film (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (store_id) REFERENCES store (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE customer (
  id int PRIMARY KEY,
  name varchar(100),
  city_id int,
  FOREIGN KEY (city_id) REFERENCES city (id) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE TABLE rental (
  id int PRIMARY KEY,
  inventory_id int,
  customer_id int,
  day date,
  FOREIGN KEY (inventory_id) REFERENCES inventory (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (customer_id) REFERENCES customer (id) ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO country WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'country ' || n FROM n;
INSERT INTO city WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'city ' || n, n % 3 + 1 FROM n;
INSERT INTO store WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'phone ' || n, n % 4 + 1 FROM n;
INSERT INTO film WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'film ' || n, n * 10 FROM n;
INSERT INTO actor WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'actor ' || n FROM n;
INSERT INTO category WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'category ' || n FROM n;
INSERT INTO film_actor WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT DISTINCT n % 4 + 1, n % 6 + 1 FROM n;
INSERT INTO film_category WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT DISTINCT n % 5 + 1, n % 3 + 1 FROM n;
INSERT INTO inventory WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, n % 6 + 1, n % 3 + 1 FROM n;
INSERT INTO customer WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'customer ' || n, nullif(n % 5, 0) FROM n;
INSERT INTO rental WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT n, n % 9 + 1, n % 5 + 1, DATE '2005-05-01' + INTERVAL n DAY FROM n;
