-- Through tables whose foreign keys have several columns, in another order than the keys they refer to, and one that has
-- two foreign keys to the same table, so that the schema names the columns.
-- features: 27, 35, 37
CREATE TABLE city (country text, name text, people integer, PRIMARY KEY (country, name));
CREATE TABLE firm (code text, number integer, title text, PRIMARY KEY (number, code));
CREATE TABLE office (
  id integer PRIMARY KEY,
  town text, land text, firm_number integer, firm_code text,
  CONSTRAINT of_town_land FOREIGN KEY (town, land) REFERENCES city (name, country) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT of_firm_code_firm_number FOREIGN KEY (firm_code, firm_number) REFERENCES firm (code, number) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE road (
  id integer PRIMARY KEY,
  from_land text, from_town text, to_land text, to_town text,
  CONSTRAINT of_from_land_from_town FOREIGN KEY (from_land, from_town) REFERENCES city ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT of_to_land_to_town FOREIGN KEY (to_land, to_town) REFERENCES city ON UPDATE CASCADE ON DELETE CASCADE
);
