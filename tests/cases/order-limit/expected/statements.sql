-- /0/levels/1/rows
SELECT asked.ordinal,
  child."amount",
  child."note"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT child."amount", child."day", child."id", child."note" FROM "public"."sale" AS child
  WHERE child."shop" = asked.key1
  ORDER BY child."amount" DESC NULLS LAST, child."day" NULLS FIRST, child."id"
  LIMIT 2
) AS child
ORDER BY asked.ordinal, child."amount" DESC NULLS LAST, child."day" NULLS FIRST, child."id"

-- /0/levels/2/range/after
SELECT child."shop",
  child."day"
FROM "public"."sale" AS child
WHERE child."shop" > $1::integer
ORDER BY child."shop", child."day" DESC NULLS LAST, child."id"

-- /0/levels/2/range/all
SELECT child."shop",
  child."day"
FROM "public"."sale" AS child
WHERE child."shop" IS NOT NULL
ORDER BY child."shop", child."day" DESC NULLS LAST, child."id"

-- /0/levels/2/range/between
SELECT child."shop",
  child."day"
FROM "public"."sale" AS child
WHERE child."shop" > $1::integer AND child."shop" <= $2::integer
ORDER BY child."shop", child."day" DESC NULLS LAST, child."id"

-- /0/levels/2/range/until
SELECT child."shop",
  child."day"
FROM "public"."sale" AS child
WHERE child."shop" <= $1::integer
ORDER BY child."shop", child."day" DESC NULLS LAST, child."id"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."day"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."sale" AS child ON child."shop" = asked.key1
ORDER BY asked.ordinal, child."day" DESC NULLS LAST, child."id"

-- /0/levels/3/range/after
SELECT child."shop",
  child."note"
FROM "public"."sale" AS child
WHERE child."shop" > $1::integer
ORDER BY child."shop", child."day" DESC NULLS LAST, child."amount" NULLS LAST, child."id"

-- /0/levels/3/range/all
SELECT child."shop",
  child."note"
FROM "public"."sale" AS child
WHERE child."shop" IS NOT NULL
ORDER BY child."shop", child."day" DESC NULLS LAST, child."amount" NULLS LAST, child."id"

-- /0/levels/3/range/between
SELECT child."shop",
  child."note"
FROM "public"."sale" AS child
WHERE child."shop" > $1::integer AND child."shop" <= $2::integer
ORDER BY child."shop", child."day" DESC NULLS LAST, child."amount" NULLS LAST, child."id"

-- /0/levels/3/range/until
SELECT child."shop",
  child."note"
FROM "public"."sale" AS child
WHERE child."shop" <= $1::integer
ORDER BY child."shop", child."day" DESC NULLS LAST, child."amount" NULLS LAST, child."id"

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."note"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."sale" AS child ON child."shop" = asked.key1
ORDER BY asked.ordinal, child."day" DESC NULLS LAST, child."amount" NULLS LAST, child."id"

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT child."id", child."name", child."price" FROM "public"."shop_item" AS through
  JOIN "public"."item" AS child ON child."id" = through."item"
  WHERE through."shop" = asked.key1
  ORDER BY child."price" NULLS LAST, child."id", through."item", through."shop"
  LIMIT 3
) AS child
ORDER BY asked.ordinal, child."price" NULLS LAST, child."id"

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT child."id", child."name" FROM "public"."part" AS child
  WHERE child."item" = asked.key1
  ORDER BY child."id"
  LIMIT 1
) AS child

-- /0/levels/6/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."shop_item" AS through ON through."shop" = asked.key1
JOIN "public"."item" AS child ON child."id" = through."item" AND (child."price" IS NOT NULL)
ORDER BY asked.ordinal, child."price" DESC NULLS LAST, child."name" NULLS LAST, child."id", through."item", through."shop"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."shop" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."shop" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."shop" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."shop"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id"
FROM "public"."shop" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id"
FROM "public"."shop" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id"
FROM "public"."shop" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id"
FROM "public"."shop" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop_item" AS through4 ON through4."item" = asked.key1
JOIN "public"."shop" AS root ON root."id" = through4."shop"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."item" AS node4 ON node4."id" = asked.key1
JOIN "public"."shop_item" AS through4 ON through4."item" = node4."id"
JOIN "public"."shop" AS root ON root."id" = through4."shop"

-- /0/routes/7
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop_item" AS through6 ON through6."item" = asked.key1
JOIN "public"."shop" AS root ON root."id" = through6."shop"

-- /0/routes/8
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

