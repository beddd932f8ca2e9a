-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE course (
  year int,
  code varchar(100),
  "number" smallint,
  title varchar(100),
  PRIMARY KEY (year, "number", code)
);
CREATE TABLE lesson (
  year int,
  code varchar(100),
  "number" smallint,
  part int,
  topic varchar(100),
  PRIMARY KEY (part, year, code, "number"),
  CONSTRAINT of_year_code_number FOREIGN KEY (year, "number", code) REFERENCES course (year, "number", code) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE mark (
  id int PRIMARY KEY,
  of_year int,
  of_code varchar(100),
  of_number smallint,
  of_part int,
  points decimal(5, 2),
  CONSTRAINT of_of_part_of_number_of_code_of_year FOREIGN KEY (of_part, of_year, of_code, of_number) REFERENCES lesson (part, year, code, "number") ON UPDATE CASCADE ON DELETE CASCADE
);
INSERT INTO course WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT 2000 + n % 3, 'code ' || n, n % 2, 'course ' || n FROM n;
INSERT INTO course VALUES (2001, 'a|b\c', 7, 'with a bar');
INSERT INTO lesson WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT c.year, c.code, c.number, n, 'lesson ' || n FROM course c, n WHERE c.number < 5 OR n = 2;
INSERT INTO mark SELECT row_number() OVER (ORDER BY code, part), year, code, "number", part, part * 1.5 FROM lesson WHERE part > 1;
INSERT INTO mark VALUES (100, 2001, NULL, 7, 2, 0);
