-- /0/levels/1/range/after
SELECT child."shop_id",
  child."id",
  child."name"
FROM "public"."item" AS child
WHERE (child."kind" IN ('kind 0', 'kind 1') AND child."doc" ->> 'state' IS DISTINCT FROM 'hidden' AND NOT coalesce(child."removed", false)) AND child."shop_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."shop_id",
  child."id",
  child."name"
FROM "public"."item" AS child
WHERE child."shop_id" IS NOT NULL AND (child."kind" IN ('kind 0', 'kind 1') AND child."doc" ->> 'state' IS DISTINCT FROM 'hidden' AND NOT coalesce(child."removed", false))

-- /0/levels/1/range/between
SELECT child."shop_id",
  child."id",
  child."name"
FROM "public"."item" AS child
WHERE (child."kind" IN ('kind 0', 'kind 1') AND child."doc" ->> 'state' IS DISTINCT FROM 'hidden' AND NOT coalesce(child."removed", false)) AND child."shop_id" > $1::integer AND child."shop_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."shop_id",
  child."id",
  child."name"
FROM "public"."item" AS child
WHERE (child."kind" IN ('kind 0', 'kind 1') AND child."doc" ->> 'state' IS DISTINCT FROM 'hidden' AND NOT coalesce(child."removed", false)) AND child."shop_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."item" AS child ON child."shop_id" = asked.key1 AND (child."kind" IN ('kind 0', 'kind 1') AND child."doc" ->> 'state' IS DISTINCT FROM 'hidden' AND NOT coalesce(child."removed", false))

-- /0/levels/2/join
SELECT asked.ordinal,
  through."tag_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."item_tag" AS through ON through."item_id" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."name"
FROM "public"."tag" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."tag"'::regclass
)
AND (child."level"::text LIKE '1%' OR child."level" = 2)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."id" = asked.key1 AND (child."level"::text LIKE '1%' OR child."level" = 2)

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."body",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."note" AS child ON child."item_id" = asked.key1 AND (child."body" IS NOT NULL)

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."shop" AS root ON root."id" = asked.key1 AND (root."deletedAt" IS NULL)
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
SELECT root."id",
  root."name"
FROM "public"."shop" AS root
WHERE (root."deletedAt" IS NULL) AND root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name"
FROM "public"."shop" AS root
WHERE (root."deletedAt" IS NULL)

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name"
FROM "public"."shop" AS root
WHERE (root."deletedAt" IS NULL) AND root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name"
FROM "public"."shop" AS root
WHERE (root."deletedAt" IS NULL) AND root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."item_tag" AS through2 ON through2."tag_id" = asked.key1
JOIN "public"."item" AS node1 ON node1."id" = through2."item_id"
JOIN "public"."shop" AS root ON root."id" = node1."shop_id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."item" AS node1 ON node1."id" = asked.key1
JOIN "public"."shop" AS root ON root."id" = node1."shop_id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."item" AS node1 ON node1."id" = asked.key1
JOIN "public"."shop" AS root ON root."id" = node1."shop_id"

-- /1/levels/1/prefetch
SELECT child."id",
  child."name"
FROM "public"."shop" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."shop"'::regclass
)
AND (child."deletedAt" IS NULL)

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."shop" AS child ON child."id" = asked.key1 AND (child."deletedAt" IS NULL)

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name",
  root."shop_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."item" AS root ON root."id" = asked.key1 AND (root."removed")
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "public"."item" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "public"."item" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."item"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."id",
  root."name",
  root."shop_id"
FROM "public"."item" AS root
WHERE (root."removed") AND root."id" > $1::integer

-- /1/roots_by_range/rows/all
SELECT root."id",
  root."name",
  root."shop_id"
FROM "public"."item" AS root
WHERE (root."removed")

-- /1/roots_by_range/rows/between
SELECT root."id",
  root."name",
  root."shop_id"
FROM "public"."item" AS root
WHERE (root."removed") AND root."id" > $1::integer AND root."id" <= $2::integer

-- /1/roots_by_range/rows/until
SELECT root."id",
  root."name",
  root."shop_id"
FROM "public"."item" AS root
WHERE (root."removed") AND root."id" <= $1::integer

-- /1/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."item" AS root ON root."shop_id" = asked.key1

