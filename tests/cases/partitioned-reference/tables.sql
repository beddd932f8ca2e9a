-- Foreign keys that refer to partitioned tables, and their cascades.
-- features: 23, 34
-- mysql: no, their partitioned tables have no foreign keys.
-- least: 12
CREATE TABLE client (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE client_1 PARTITION OF client FOR VALUES FROM (MINVALUE) TO (5);
CREATE TABLE client_2 PARTITION OF client FOR VALUES FROM (5) TO (1000);
CREATE TABLE client_3 PARTITION OF client DEFAULT;
CREATE TABLE invoice (
  year integer, number integer, client_id integer REFERENCES client ON UPDATE CASCADE ON DELETE CASCADE, note text,
  PRIMARY KEY (year, number)
) PARTITION BY LIST (year);
CREATE TABLE invoice_20 PARTITION OF invoice FOR VALUES IN (2020);
CREATE TABLE invoice_21 PARTITION OF invoice FOR VALUES IN (2021);
CREATE TABLE invoice_rest PARTITION OF invoice DEFAULT;
CREATE TABLE line (
  id integer PRIMARY KEY, year integer, number integer, amount numeric,
  CONSTRAINT of_year_number FOREIGN KEY (year, number) REFERENCES invoice ON UPDATE CASCADE ON DELETE CASCADE
);
