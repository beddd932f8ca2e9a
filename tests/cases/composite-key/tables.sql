-- Keys of several columns: the parts of `_id` by name, joined with a bar, escaped where they hold one; children of a
-- composite key, and a child that shares part of its key with the parent.
-- features: 37
CREATE TABLE course (
  year integer,
  code text,
  "number" smallint,
  title text,
  PRIMARY KEY (year, "number", code)
);
CREATE TABLE lesson (
  year integer,
  code text,
  "number" smallint,
  part integer,
  topic text,
  PRIMARY KEY (part, year, code, "number"),
  CONSTRAINT of_year_code_number FOREIGN KEY (year, code, "number") REFERENCES course (year, code, "number") ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE mark (
  id integer PRIMARY KEY,
  of_year integer, of_code text, of_number smallint, of_part integer,
  points numeric(5, 2),
  CONSTRAINT of_of_part_of_number_of_code_of_year FOREIGN KEY (of_part, of_number, of_code, of_year) REFERENCES lesson (part, "number", code, year) ON UPDATE CASCADE ON DELETE CASCADE
);
