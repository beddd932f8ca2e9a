-- /0/levels/1/prefetch
SELECT child."product_id",
  child."name",
  child."price",
  child."category_id"
FROM "public"."product" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."product"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."price",
  child."category_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."product" AS child ON child."product_id" = asked.key1

-- /0/levels/2/prefetch
SELECT child."category_id",
  child."name",
  child."category_id"
FROM "public"."category" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."category"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."category_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."category" AS child ON child."category_id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."product_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."product" AS child ON child."category_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."stock_id" IS NOT NULL,
  root."stock_id",
  root."amount",
  root."product_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."stock" AS root ON root."stock_id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."stock_id"
FROM "public"."stock" AS root
ORDER BY root."stock_id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."stock_id"
FROM "public"."stock" AS root
WHERE root."stock_id" > $1::integer
ORDER BY root."stock_id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."stock"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."stock_id",
  root."amount",
  root."product_id"
FROM "public"."stock" AS root
WHERE root."stock_id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."stock_id",
  root."amount",
  root."product_id"
FROM "public"."stock" AS root

-- /0/roots_by_range/rows/between
SELECT root."stock_id",
  root."amount",
  root."product_id"
FROM "public"."stock" AS root
WHERE root."stock_id" > $1::integer AND root."stock_id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."stock_id",
  root."amount",
  root."product_id"
FROM "public"."stock" AS root
WHERE root."stock_id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."stock_id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."stock" AS root ON root."product_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."stock_id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS node1 ON node1."category_id" = asked.key1
JOIN "public"."stock" AS root ON root."product_id" = node1."product_id"

-- /0/routes/3
SELECT DISTINCT root."stock_id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."category" AS node2 ON node2."category_id" = asked.key1
JOIN "public"."product" AS node1 ON node1."category_id" = node2."category_id"
JOIN "public"."stock" AS root ON root."product_id" = node1."product_id"

