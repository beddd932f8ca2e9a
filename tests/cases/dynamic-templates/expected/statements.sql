-- /0/levels/1/range/after
SELECT child."product_id",
  child."sku_code",
  child."size",
  child."id"
FROM "public"."variant" AS child
WHERE child."product_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."product_id",
  child."sku_code",
  child."size",
  child."id"
FROM "public"."variant" AS child
WHERE child."product_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."product_id",
  child."sku_code",
  child."size",
  child."id"
FROM "public"."variant" AS child
WHERE child."product_id" > $1::integer AND child."product_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."product_id",
  child."sku_code",
  child."size",
  child."id"
FROM "public"."variant" AS child
WHERE child."product_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."sku_code",
  child."size",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."variant" AS child ON child."product_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."sku_code",
  root."name",
  root."price"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."product" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."product" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."product" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."product"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."sku_code",
  root."name",
  root."price"
FROM "public"."product" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."sku_code",
  root."name",
  root."price"
FROM "public"."product" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."sku_code",
  root."name",
  root."price"
FROM "public"."product" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."sku_code",
  root."name",
  root."price"
FROM "public"."product" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."id" = asked.key1

