-- /0/levels/1/join
SELECT asked.ordinal,
  through."author_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "joins"."book_author" AS through ON through."book_id" = asked.key1

-- /0/levels/1/prefetch
SELECT child."id",
  child."id",
  child."name"
FROM "people"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"people"."author"'::regclass
)

-- /0/levels/1/range/after
SELECT through."book_id",
  through."author_id"
FROM "joins"."book_author" AS through
WHERE through."book_id" > $1::integer

-- /0/levels/1/range/all
SELECT through."book_id",
  through."author_id"
FROM "joins"."book_author" AS through
WHERE through."book_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT through."book_id",
  through."author_id"
FROM "joins"."book_author" AS through
WHERE through."book_id" > $1::integer AND through."book_id" <= $2::integer

-- /0/levels/1/range/until
SELECT through."book_id",
  through."author_id"
FROM "joins"."book_author" AS through
WHERE through."book_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "people"."author" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."title",
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
  root."id"
FROM "public"."book" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."title",
  root."id"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."title",
  root."id"
FROM "public"."book" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."title",
  root."id"
FROM "public"."book" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "joins"."book_author" AS through1 ON through1."author_id" = asked.key1
JOIN "public"."book" AS root ON root."id" = through1."book_id"

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

