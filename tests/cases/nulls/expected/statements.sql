-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."region" AS child ON child."a" = asked.key1 AND child."b" = asked.key2
ORDER BY asked.ordinal, child."name"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."shop" AS child ON child."town_twin" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."sells" AS through ON through."shop_id" = asked.key1
JOIN "public"."brand" AS child ON child."code" = through."brand_code"
ORDER BY asked.ordinal, child."id"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."twin",
  root."a",
  root."b",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."town" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."town" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."town" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."town"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."twin",
  root."a",
  root."b",
  root."id"
FROM "public"."town" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."twin",
  root."a",
  root."b",
  root."id"
FROM "public"."town" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."twin",
  root."a",
  root."b",
  root."id"
FROM "public"."town" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."twin",
  root."a",
  root."b",
  root."id"
FROM "public"."town" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."town" AS root ON root."a" = asked.key1 AND root."b" = asked.key2

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."town" AS root ON root."twin" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."sells" AS through3 ON through3."brand_code" = asked.key1
JOIN "public"."shop" AS node2 ON node2."id" = through3."shop_id"
JOIN "public"."town" AS root ON root."twin" = node2."town_twin"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS node2 ON node2."id" = asked.key1
JOIN "public"."town" AS root ON root."twin" = node2."town_twin"

