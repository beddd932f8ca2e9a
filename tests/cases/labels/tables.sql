-- Labels, `null` for one, labels that are renamed, names that are swapped, and dots in names, which are paths.
-- features: 30, 49
CREATE TABLE thing (id integer PRIMARY KEY, a text, b text, "size.width" integer, "size.height" integer);
CREATE TABLE part (id integer PRIMARY KEY, thing_id integer REFERENCES thing ON UPDATE CASCADE ON DELETE CASCADE, a text, b text);
CREATE TABLE owner (id integer PRIMARY KEY, thing_id integer UNIQUE REFERENCES thing ON UPDATE CASCADE ON DELETE CASCADE, a text);
