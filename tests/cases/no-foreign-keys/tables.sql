-- Tables without a single constraint between them: the schema names the columns, of which one is not unique on either side.
-- features: 35, 36
CREATE TABLE species (id integer PRIMARY KEY, name text, family text);
CREATE TABLE unit (id integer PRIMARY KEY, species_name text, name text, cost integer);
CREATE TABLE structure (id integer PRIMARY KEY, unit_id bigint, family text, name text);
