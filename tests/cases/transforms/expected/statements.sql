-- /0/levels/1/prefetch
SELECT child."id",
  child."name",
  child."town",
  child."founded"
FROM "public"."maker" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."maker"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."town",
  child."founded"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."maker" AS child ON child."id" = asked.key1

-- /0/levels/2/range/after
SELECT child."product_id",
  child."code",
  child."weight",
  child."id"
FROM "public"."part" AS child
WHERE child."product_id" > $1::integer

-- /0/levels/2/range/all
SELECT child."product_id",
  child."code",
  child."weight",
  child."id"
FROM "public"."part" AS child
WHERE child."product_id" IS NOT NULL

-- /0/levels/2/range/between
SELECT child."product_id",
  child."code",
  child."weight",
  child."id"
FROM "public"."part" AS child
WHERE child."product_id" > $1::integer AND child."product_id" <= $2::integer

-- /0/levels/2/range/until
SELECT child."product_id",
  child."code",
  child."weight",
  child."id"
FROM "public"."part" AS child
WHERE child."product_id" <= $1::integer

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."code",
  child."weight",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."part" AS child ON child."product_id" = asked.key1

-- /0/levels/3/range/after
SELECT child."product_id",
  child."word",
  child."id"
FROM "public"."tag" AS child
WHERE child."product_id" > $1::integer

-- /0/levels/3/range/all
SELECT child."product_id",
  child."word",
  child."id"
FROM "public"."tag" AS child
WHERE child."product_id" IS NOT NULL

-- /0/levels/3/range/between
SELECT child."product_id",
  child."word",
  child."id"
FROM "public"."tag" AS child
WHERE child."product_id" > $1::integer AND child."product_id" <= $2::integer

-- /0/levels/3/range/until
SELECT child."product_id",
  child."word",
  child."id"
FROM "public"."tag" AS child
WHERE child."product_id" <= $1::integer

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."word",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."product_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name",
  root."price",
  root."sold",
  to_json(root."words")::text,
  root."facts",
  root."maker_id"
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
  root."name",
  root."price",
  root."sold",
  to_json(root."words")::text,
  root."facts",
  root."maker_id"
FROM "public"."product" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name",
  root."price",
  root."sold",
  to_json(root."words")::text,
  root."facts",
  root."maker_id"
FROM "public"."product" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name",
  root."price",
  root."sold",
  to_json(root."words")::text,
  root."facts",
  root."maker_id"
FROM "public"."product" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name",
  root."price",
  root."sold",
  to_json(root."words")::text,
  root."facts",
  root."maker_id"
FROM "public"."product" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."maker_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."id" = asked.key1

