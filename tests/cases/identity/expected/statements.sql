-- /0/levels/1/range/after
SELECT child."basket_id",
  child."serial",
  child."name",
  child."number"
FROM "public"."item" AS child
WHERE child."basket_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."basket_id",
  child."serial",
  child."name",
  child."number"
FROM "public"."item" AS child
WHERE child."basket_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."basket_id",
  child."serial",
  child."name",
  child."number"
FROM "public"."item" AS child
WHERE child."basket_id" > $1::integer AND child."basket_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."basket_id",
  child."serial",
  child."name",
  child."number"
FROM "public"."item" AS child
WHERE child."basket_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."serial",
  child."name",
  child."number"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."item" AS child ON child."basket_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."made",
  root."owner"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."basket" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."basket" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."basket" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."basket"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."made",
  root."owner"
FROM "public"."basket" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."made",
  root."owner"
FROM "public"."basket" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."made",
  root."owner"
FROM "public"."basket" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."made",
  root."owner"
FROM "public"."basket" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."basket" AS root ON root."id" = asked.key1

