-- /0/levels/1/rows
SELECT asked.ordinal,
  child."text",
  child."level"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."alarm" AS child ON child."hour" = asked.key1 AND child."station" = asked.key2

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."station" IS NOT NULL,
  root."value",
  root."hour",
  root."station"
FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."reading" AS root ON root."station" = asked.key1 AND root."hour" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."station",
  root."hour"
FROM "public"."reading" AS root
ORDER BY root."station", root."hour"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."station",
  root."hour"
FROM "public"."reading" AS root
WHERE (root."station", root."hour") > ($1::text, $2::integer)
ORDER BY root."station", root."hour"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."reading"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."value",
  root."hour",
  root."station"
FROM "public"."reading" AS root
WHERE (root."station", root."hour") > ($1::text, $2::integer)

-- /0/roots_by_range/rows/all
SELECT root."value",
  root."hour",
  root."station"
FROM "public"."reading" AS root

-- /0/roots_by_range/rows/between
SELECT root."value",
  root."hour",
  root."station"
FROM "public"."reading" AS root
WHERE (root."station", root."hour") > ($1::text, $2::integer) AND (root."station", root."hour") <= ($3::text, $4::integer)

-- /0/roots_by_range/rows/until
SELECT root."value",
  root."hour",
  root."station"
FROM "public"."reading" AS root
WHERE (root."station", root."hour") <= ($1::text, $2::integer)

-- /0/routes/1
SELECT DISTINCT root."station"::text, root."hour"::text
FROM unnest($1::integer[], $2::text[]) AS asked (key1, key2)
JOIN "public"."reading" AS root ON root."hour" = asked.key1 AND root."station" = asked.key2

