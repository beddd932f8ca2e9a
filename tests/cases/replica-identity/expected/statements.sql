-- /0/levels/1/range/after
SELECT child."ship_id",
  child."number",
  child."id"
FROM "public"."cabin" AS child
WHERE child."ship_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."ship_id",
  child."number",
  child."id"
FROM "public"."cabin" AS child
WHERE child."ship_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."ship_id",
  child."number",
  child."id"
FROM "public"."cabin" AS child
WHERE child."ship_id" > $1::integer AND child."ship_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."ship_id",
  child."number",
  child."id"
FROM "public"."cabin" AS child
WHERE child."ship_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."number",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."cabin" AS child ON child."ship_id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."passenger" AS child ON child."cabin_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."flag",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."ship" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."ship" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."ship" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."ship"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."flag",
  root."id"
FROM "public"."ship" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."flag",
  root."id"
FROM "public"."ship" AS root

-- /0/roots_by_range/rows/between
SELECT root."flag",
  root."id"
FROM "public"."ship" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."flag",
  root."id"
FROM "public"."ship" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."ship" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."cabin" AS node1 ON node1."id" = asked.key1
JOIN "public"."ship" AS root ON root."id" = node1."ship_id"

