-- Join tables whose foreign keys lead in either direction on either side: to it from both, and from one side only.
-- features: 27, 28, 34, 35
CREATE TABLE supplier (code text PRIMARY KEY, name text);
CREATE TABLE region (
  country integer NOT NULL,
  number integer NOT NULL,
  supplier text REFERENCES supplier ON UPDATE CASCADE ON DELETE CASCADE,
  second text REFERENCES supplier ON UPDATE CASCADE ON DELETE SET NULL,
  PRIMARY KEY (country, number)
);
CREATE TABLE store (
  id integer PRIMARY KEY,
  name text,
  region integer,
  country integer,
  CONSTRAINT store_region FOREIGN KEY (country, region) REFERENCES region (country, number) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE warehouse (
  id integer PRIMARY KEY,
  name text,
  region integer,
  country integer,
  CONSTRAINT warehouse_region FOREIGN KEY (country, region) REFERENCES region (country, number) ON UPDATE CASCADE ON DELETE CASCADE
);
