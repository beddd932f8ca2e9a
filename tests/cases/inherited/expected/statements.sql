-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."text"
FROM unnest($1::integer[], $2::public.kind[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."remark" AS child ON child."item_id" = asked.key1 AND child."item_kind" = asked.key2
ORDER BY asked.ordinal, child."id" NULLS LAST, child."text" NULLS LAST

-- /0/levels/2/join
SELECT asked.ordinal,
  through."shelf_id"
FROM unnest($1::integer[], $2::public.kind[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."placed" AS through ON through."item_id" = asked.key1 AND through."item_kind" = asked.key2

-- /0/levels/2/prefetch
SELECT child."id",
  child."name"
FROM "public"."shelf" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."shelf"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."shelf" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."id" IS NOT NULL,
  root."id",
  root."kind",
  root."title"
FROM unnest($1::integer[], $2::public.kind[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."item" AS root ON root."id" = asked.key1 AND root."kind" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id",
  root."kind"
FROM "public"."item" AS root
ORDER BY root."id", root."kind"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id",
  root."kind"
FROM "public"."item" AS root
WHERE (root."id", root."kind") > ($1::integer, $2::public.kind)
ORDER BY root."id", root."kind"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."item"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."kind",
  root."title"
FROM "public"."item" AS root
WHERE (root."id", root."kind") > ($1::integer, $2::public.kind)

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."kind",
  root."title"
FROM "public"."item" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."kind",
  root."title"
FROM "public"."item" AS root
WHERE (root."id", root."kind") > ($1::integer, $2::public.kind) AND (root."id", root."kind") <= ($3::integer, $4::public.kind)

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."kind",
  root."title"
FROM "public"."item" AS root
WHERE (root."id", root."kind") <= ($1::integer, $2::public.kind)

-- /0/routes/1
SELECT DISTINCT root."id"::text, root."kind"::text
FROM unnest($1::integer[], $2::public.kind[]) AS asked (key1, key2)
JOIN "public"."item" AS root ON root."id" = asked.key1 AND root."kind" = asked.key2

-- /0/routes/2
SELECT DISTINCT root."id"::text, root."kind"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."placed" AS through2 ON through2."shelf_id" = asked.key1
JOIN "public"."item" AS root ON root."id" = through2."item_id" AND root."kind" = through2."item_kind"

-- /0/routes/3
SELECT DISTINCT root."id"::text, root."kind"::text
FROM unnest($1::integer[], $2::public.kind[]) AS asked (key1, key2)
JOIN "public"."item" AS root ON root."id" = asked.key1 AND root."kind" = asked.key2

