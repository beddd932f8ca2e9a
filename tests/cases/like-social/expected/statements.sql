-- /0/levels/1/join
SELECT asked.ordinal,
  through."post_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."user_post" AS through ON through."user_id" = asked.key1

-- /0/levels/1/prefetch
SELECT child."id",
  child."slug",
  child."title",
  child."id"
FROM "public"."post" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."post"'::regclass
)

-- /0/levels/1/range/after
SELECT through."user_id",
  through."post_id"
FROM "public"."user_post" AS through
WHERE through."user_id" > $1::integer

-- /0/levels/1/range/all
SELECT through."user_id",
  through."post_id"
FROM "public"."user_post" AS through
WHERE through."user_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT through."user_id",
  through."post_id"
FROM "public"."user_post" AS through
WHERE through."user_id" > $1::integer AND through."user_id" <= $2::integer

-- /0/levels/1/range/until
SELECT through."user_id",
  through."post_id"
FROM "public"."user_post" AS through
WHERE through."user_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."slug",
  child."title",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."post" AS child ON child."id" = asked.key1

-- /0/levels/2/join
SELECT asked.ordinal,
  through."comment_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."post_comment" AS through ON through."post_id" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."title",
  child."content",
  child."id"
FROM "public"."comment" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."comment"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."title",
  child."content",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."comment" AS child ON child."id" = asked.key1

-- /0/levels/3/join
SELECT asked.ordinal,
  through."tag_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."comment_tag" AS through ON through."comment_id" = asked.key1

-- /0/levels/3/prefetch
SELECT child."id",
  child."name"
FROM "public"."tag" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."tag"'::regclass
)

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."id" = asked.key1

-- /0/levels/4/join
SELECT asked.ordinal,
  through."tag_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."user_tag" AS through ON through."user_id" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."name"
FROM "public"."tag" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."tag"'::regclass
)

-- /0/levels/4/range/after
SELECT through."user_id",
  through."tag_id"
FROM "public"."user_tag" AS through
WHERE through."user_id" > $1::integer

-- /0/levels/4/range/all
SELECT through."user_id",
  through."tag_id"
FROM "public"."user_tag" AS through
WHERE through."user_id" IS NOT NULL

-- /0/levels/4/range/between
SELECT through."user_id",
  through."tag_id"
FROM "public"."user_tag" AS through
WHERE through."user_id" > $1::integer AND through."user_id" <= $2::integer

-- /0/levels/4/range/until
SELECT through."user_id",
  through."tag_id"
FROM "public"."user_tag" AS through
WHERE through."user_id" <= $1::integer

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."age",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."user" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."user" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."user" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."user"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."age",
  root."id"
FROM "public"."user" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."age",
  root."id"
FROM "public"."user" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."age",
  root."id"
FROM "public"."user" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."age",
  root."id"
FROM "public"."user" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."user_post" AS through1 ON through1."post_id" = asked.key1
JOIN "public"."user" AS root ON root."id" = through1."user_id"

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."user" AS root ON root."id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."post_comment" AS through2 ON through2."comment_id" = asked.key1
JOIN "public"."post" AS node1 ON node1."id" = through2."post_id"
JOIN "public"."user_post" AS through1 ON through1."post_id" = node1."id"
JOIN "public"."user" AS root ON root."id" = through1."user_id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."post" AS node1 ON node1."id" = asked.key1
JOIN "public"."user_post" AS through1 ON through1."post_id" = node1."id"
JOIN "public"."user" AS root ON root."id" = through1."user_id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."comment_tag" AS through3 ON through3."tag_id" = asked.key1
JOIN "public"."comment" AS node2 ON node2."id" = through3."comment_id"
JOIN "public"."post_comment" AS through2 ON through2."comment_id" = node2."id"
JOIN "public"."post" AS node1 ON node1."id" = through2."post_id"
JOIN "public"."user_post" AS through1 ON through1."post_id" = node1."id"
JOIN "public"."user" AS root ON root."id" = through1."user_id"

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."comment" AS node2 ON node2."id" = asked.key1
JOIN "public"."post_comment" AS through2 ON through2."comment_id" = node2."id"
JOIN "public"."post" AS node1 ON node1."id" = through2."post_id"
JOIN "public"."user_post" AS through1 ON through1."post_id" = node1."id"
JOIN "public"."user" AS root ON root."id" = through1."user_id"

-- /0/routes/7
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."user_tag" AS through4 ON through4."tag_id" = asked.key1
JOIN "public"."user" AS root ON root."id" = through4."user_id"

-- /0/routes/8
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."user" AS root ON root."id" = asked.key1

