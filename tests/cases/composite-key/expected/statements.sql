-- /0/levels/1/rows
SELECT asked.ordinal,
  child."topic",
  child."part",
  child."number",
  child."code",
  child."year"
FROM unnest($1::integer[], $2::text[], $3::smallint[]) WITH ORDINALITY AS asked (key1, key2, key3, ordinal)
JOIN "public"."lesson" AS child ON child."year" = asked.key1 AND child."code" = asked.key2 AND child."number" = asked.key3
ORDER BY asked.ordinal, child."code", child."number", child."part", child."year"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."points",
  child."id"
FROM unnest($1::integer[], $2::smallint[], $3::text[], $4::integer[]) WITH ORDINALITY AS asked (key1, key2, key3, key4, ordinal)
JOIN "public"."mark" AS child ON child."of_part" = asked.key1 AND child."of_number" = asked.key2 AND child."of_code" = asked.key3 AND child."of_year" = asked.key4

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2, asked.key3,
  root."code" IS NOT NULL,
  root."title",
  root."year",
  root."code",
  root."number"
FROM unnest($1::text[], $2::smallint[], $3::integer[]) WITH ORDINALITY AS asked (key1, key2, key3, ordinal)
LEFT JOIN "public"."course" AS root ON root."code" = asked.key1 AND root."number" = asked.key2 AND root."year" = asked.key3
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."code",
  root."number",
  root."year"
FROM "public"."course" AS root
ORDER BY root."code", root."number", root."year"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."code",
  root."number",
  root."year"
FROM "public"."course" AS root
WHERE (root."code", root."number", root."year") > ($1::text, $2::smallint, $3::integer)
ORDER BY root."code", root."number", root."year"
OFFSET $4::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."course"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."title",
  root."year",
  root."code",
  root."number"
FROM "public"."course" AS root
WHERE (root."code", root."number", root."year") > ($1::text, $2::smallint, $3::integer)

-- /0/roots_by_range/rows/all
SELECT root."title",
  root."year",
  root."code",
  root."number"
FROM "public"."course" AS root

-- /0/roots_by_range/rows/between
SELECT root."title",
  root."year",
  root."code",
  root."number"
FROM "public"."course" AS root
WHERE (root."code", root."number", root."year") > ($1::text, $2::smallint, $3::integer) AND (root."code", root."number", root."year") <= ($4::text, $5::smallint, $6::integer)

-- /0/roots_by_range/rows/until
SELECT root."title",
  root."year",
  root."code",
  root."number"
FROM "public"."course" AS root
WHERE (root."code", root."number", root."year") <= ($1::text, $2::smallint, $3::integer)

-- /0/routes/1
SELECT DISTINCT root."code"::text, root."number"::text, root."year"::text
FROM unnest($1::integer[], $2::text[], $3::smallint[]) AS asked (key1, key2, key3)
JOIN "public"."course" AS root ON root."year" = asked.key1 AND root."code" = asked.key2 AND root."number" = asked.key3

-- /0/routes/2
SELECT DISTINCT root."code"::text, root."number"::text, root."year"::text
FROM unnest($1::integer[], $2::smallint[], $3::text[], $4::integer[]) AS asked (key1, key2, key3, key4)
JOIN "public"."lesson" AS node1 ON node1."part" = asked.key1 AND node1."number" = asked.key2 AND node1."code" = asked.key3 AND node1."year" = asked.key4
JOIN "public"."course" AS root ON root."year" = node1."year" AND root."code" = node1."code" AND root."number" = node1."number"

