-- /0/levels/1/range/after
SELECT child."circle_id",
  child."far",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."circle_id",
  child."far",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."circle_id",
  child."far",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" > $1::integer AND child."circle_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."circle_id",
  child."far",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."far",
  child."place",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."mark" AS child ON child."circle_id" = asked.key1

-- /0/levels/2/range/after
SELECT child."circle_id",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" > $1::integer

-- /0/levels/2/range/all
SELECT child."circle_id",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" IS NOT NULL

-- /0/levels/2/range/between
SELECT child."circle_id",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" > $1::integer AND child."circle_id" <= $2::integer

-- /0/levels/2/range/until
SELECT child."circle_id",
  child."place",
  child."id"
FROM "public"."mark" AS child
WHERE child."circle_id" <= $1::integer

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."place",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."mark" AS child ON child."circle_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."area",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."circle" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."circle" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."circle" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."circle"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."area",
  root."id"
FROM "public"."circle" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."area",
  root."id"
FROM "public"."circle" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."area",
  root."id"
FROM "public"."circle" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."area",
  root."id"
FROM "public"."circle" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."circle" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."circle" AS root ON root."id" = asked.key1

