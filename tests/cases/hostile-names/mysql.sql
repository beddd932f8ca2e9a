-- The same tables and rows for MySQL and MariaDB, where a schema is a database and names of columns are the same in small letters
-- and large ones: `upper` is called otherwise, and has its name in the document by a `rename`. A uuid is a text here.
CREATE DATABASE IF NOT EXISTS "Group By" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS "it's ""quoted""" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE "Group By"."select" (
  "from" int,
  "Größe" varchar(100),
  "a ""b"" 'c'" varchar(100),
  "back\slash" varchar(100),
  "type" enum('self', 'a "b" \ c', 'ü☃'),
  "with space" decimal(10, 2),
  "$1" varchar(100),
  "☃" json,
  "UPPER" varchar(100),
  "small" varchar(100),
  "1st" varchar(100),
  "-- no comment" varchar(100),
  "k" varchar(40),
  PRIMARY KEY ("from", "k")
);
CREATE TABLE "it's ""quoted"""."Über -- Table" (
  "crate" char(36) PRIMARY KEY,
  "In" int,
  "Out; DROP" varchar(40),
  "fn" varchar(100),
  "_id" varchar(100),
  CONSTRAINT of_in_outdrop FOREIGN KEY ("In", "Out; DROP") REFERENCES "Group By"."select" ("from", "k") ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE "?" ("?" varchar(100) PRIMARY KEY, "where" varchar(100));
CREATE TABLE "Join" (
  "Über" char(36),
  "?" varchar(100),
  FOREIGN KEY ("Über") REFERENCES "it's ""quoted"""."Über -- Table" ("crate") ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY ("?") REFERENCES "?" ("?") /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO "Group By"."select" WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'Größe ' || n, 'q', '\', 'a "b" \ c', n / 4.0, '$', '{"☃": 1}', 'U', 'u', '1', '/* */', 'k' || n FROM n;
INSERT INTO "it's ""quoted"""."Über -- Table" WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT '00000000-0000-0000-0000-00000000000' || n, n % 5 + 1, 'k' || (n % 5 + 1), 'fn ' || n, 'id' FROM n;
INSERT INTO "?" WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT ELT(n, 'A', 'B', 'C', 'D'), 'where ' || n FROM n;
INSERT INTO "Join" SELECT "crate", ELT("In" % 4 + 1, 'A', 'B', 'C', 'D') FROM "it's ""quoted"""."Über -- Table";
