-- /0/levels/1/prefetch
SELECT child."id",
  child."id",
  child."name"
FROM "public"."publisher" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."publisher"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."publisher" AS child ON child."id" = asked.key1

-- /0/levels/2/join
SELECT asked.ordinal,
  through."author_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book_id" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."name"
FROM "public"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."author"'::regclass
)

-- /0/levels/2/range/after
SELECT through."book_id",
  through."author_id"
FROM "public"."book_author" AS through
WHERE through."book_id" > $1::integer

-- /0/levels/2/range/all
SELECT through."book_id",
  through."author_id"
FROM "public"."book_author" AS through
WHERE through."book_id" IS NOT NULL

-- /0/levels/2/range/between
SELECT through."book_id",
  through."author_id"
FROM "public"."book_author" AS through
WHERE through."book_id" > $1::integer AND through."book_id" <= $2::integer

-- /0/levels/2/range/until
SELECT through."book_id",
  through."author_id"
FROM "public"."book_author" AS through
WHERE through."book_id" <= $1::integer

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."author" AS child ON child."id" = asked.key1

-- /0/levels/3/range/after
SELECT child."book_id",
  child."id",
  child."body"
FROM "public"."review" AS child
WHERE child."book_id" > $1::integer

-- /0/levels/3/range/all
SELECT child."book_id",
  child."id",
  child."body"
FROM "public"."review" AS child
WHERE child."book_id" IS NOT NULL

-- /0/levels/3/range/between
SELECT child."book_id",
  child."id",
  child."body"
FROM "public"."review" AS child
WHERE child."book_id" > $1::integer AND child."book_id" <= $2::integer

-- /0/levels/3/range/until
SELECT child."book_id",
  child."id",
  child."body"
FROM "public"."review" AS child
WHERE child."book_id" <= $1::integer

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id",
  child."body"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS child ON child."book_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."title",
  root."publisher_id",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."book" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."book" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."book" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."book"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."title",
  root."publisher_id",
  root."id"
FROM "public"."book" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."title",
  root."publisher_id",
  root."id"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."title",
  root."publisher_id",
  root."id"
FROM "public"."book" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."title",
  root."publisher_id",
  root."id"
FROM "public"."book" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."publisher_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author" AS through2 ON through2."author_id" = asked.key1
JOIN "public"."book" AS root ON root."id" = through2."book_id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

