-- Names that need quoting everywhere: reserved words, quotes, backslashes, dots, blanks, other scripts, upper case.
-- features: 30, 31
CREATE SCHEMA "Group By";
CREATE SCHEMA "it's ""quoted""";
CREATE TYPE "Group By"."En Um" AS ENUM ('self', 'a "b" \ c', 'ü☃');
CREATE TABLE "Group By"."select" (
  "from" integer, "Größe" text, "a ""b"" 'c'" text, "back\slash" text, "type" "Group By"."En Um",
  "with space" numeric, "$1" text, "☃" jsonb, "UPPER" text, "upper" text, "1st" text, "-- no comment" text,
  "k" varchar(40), PRIMARY KEY ("from", "k")
);
CREATE TABLE "it's ""quoted"""."Über -- Table" (
  "crate" uuid PRIMARY KEY, "In" integer, "Out; DROP" varchar(40), "fn" text, "_id" text,
  CONSTRAINT of_in_outdrop FOREIGN KEY ("In", "Out; DROP") REFERENCES "Group By"."select" ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE "?" ("?" text PRIMARY KEY, "where" text);
CREATE TABLE "Join" (
  "Über" uuid REFERENCES "it's ""quoted"""."Über -- Table" ON UPDATE CASCADE ON DELETE CASCADE,
  "?" text REFERENCES "?" ON UPDATE CASCADE ON DELETE CASCADE
);
