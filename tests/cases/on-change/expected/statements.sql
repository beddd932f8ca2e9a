-- /0/levels/1/range/after
SELECT child."shop_id",
  child."shop_id",
  child."kind_id",
  child."id"
FROM "public"."item" AS child
WHERE (child."removed" IS NOT TRUE) AND child."shop_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."shop_id",
  child."shop_id",
  child."kind_id",
  child."id"
FROM "public"."item" AS child
WHERE child."shop_id" IS NOT NULL AND (child."removed" IS NOT TRUE)

-- /0/levels/1/range/between
SELECT child."shop_id",
  child."shop_id",
  child."kind_id",
  child."id"
FROM "public"."item" AS child
WHERE (child."removed" IS NOT TRUE) AND child."shop_id" > $1::integer AND child."shop_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."shop_id",
  child."shop_id",
  child."kind_id",
  child."id"
FROM "public"."item" AS child
WHERE (child."removed" IS NOT TRUE) AND child."shop_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."shop_id",
  child."kind_id",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."item" AS child ON child."shop_id" = asked.key1 AND (child."removed" IS NOT TRUE)

-- /0/levels/2/prefetch
SELECT child."id",
  child."name"
FROM "public"."kind" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."kind"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."kind" AS child ON child."id" = asked.key1

-- /0/levels/3/join
SELECT asked.ordinal,
  through."tag_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."shop_tag" AS through ON through."shop_id" = asked.key1

-- /0/levels/3/prefetch
SELECT child."id",
  child."id"
FROM "public"."tag" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."tag"'::regclass
)

-- /0/levels/3/range/after
SELECT through."shop_id",
  through."tag_id"
FROM "public"."shop_tag" AS through
WHERE through."shop_id" > $1::integer

-- /0/levels/3/range/all
SELECT through."shop_id",
  through."tag_id"
FROM "public"."shop_tag" AS through
WHERE through."shop_id" IS NOT NULL

-- /0/levels/3/range/between
SELECT through."shop_id",
  through."tag_id"
FROM "public"."shop_tag" AS through
WHERE through."shop_id" > $1::integer AND through."shop_id" <= $2::integer

-- /0/levels/3/range/until
SELECT through."shop_id",
  through."tag_id"
FROM "public"."shop_tag" AS through
WHERE through."shop_id" <= $1::integer

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name"
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
SELECT root."id",
  root."name"
FROM "public"."shop" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name"
FROM "public"."shop" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name"
FROM "public"."shop" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name"
FROM "public"."shop" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."item" AS node1 ON node1."kind_id" = asked.key1
JOIN "public"."shop" AS root ON root."id" = node1."shop_id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop_tag" AS through3 ON through3."tag_id" = asked.key1
JOIN "public"."shop" AS root ON root."id" = through3."shop_id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shop" AS root ON root."id" = asked.key1

