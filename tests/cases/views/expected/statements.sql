-- /0/levels/1/rows
SELECT asked.ordinal,
  child."author_id",
  child."name",
  child."country"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT * FROM "public"."book_author_country" AS child WHERE child."book_id" = asked.key1 OFFSET 0
) AS child

-- /0/levels/2/prefetch
SELECT child."id",
  child."name"
FROM "public"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."author"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."author" AS child ON child."id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."reviews",
  child."stars"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT * FROM "public"."book_stars" AS child WHERE child."book_id" = asked.key1 OFFSET 0
) AS child

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."title"
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
SELECT root."id",
  root."title"
FROM "public"."book" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."title"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."title"
FROM "public"."book" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."title"
FROM "public"."book" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author" AS base1 ON base1."author_id" = asked.key1
JOIN "public"."book" AS root ON root."id" = base1."book_id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."author" AS base1 ON base1."country" = asked.key1
JOIN "public"."book_author" AS base2 ON base2."author_id" = base1."id"
JOIN "public"."book" AS root ON root."id" = base2."book_id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author_country" AS node1 ON node1."author_id" = asked.key1
JOIN "public"."book" AS root ON root."id" = node1."book_id"

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

-- /0/routes/7
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."book_id",
  child."title"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT * FROM "public"."country_books" AS child WHERE child."code" = asked.key1 OFFSET 0
) AS child

-- /1/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book_id" = asked.key1
CROSS JOIN LATERAL (
  SELECT * FROM "public"."visible_author" AS child WHERE child."id" = through."author_id" OFFSET 0
) AS child
ORDER BY asked.ordinal, child."id", through."author_id", through."book_id"

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."code" IS NOT NULL,
  root."code",
  root."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."country" AS root ON root."code" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."code"
FROM "public"."country" AS root
ORDER BY root."code"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."code"
FROM "public"."country" AS root
WHERE root."code" > $1::text
ORDER BY root."code"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."country"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."code",
  root."name"
FROM "public"."country" AS root
WHERE root."code" > $1::text

-- /1/roots_by_range/rows/all
SELECT root."code",
  root."name"
FROM "public"."country" AS root

-- /1/roots_by_range/rows/between
SELECT root."code",
  root."name"
FROM "public"."country" AS root
WHERE root."code" > $1::text AND root."code" <= $2::text

-- /1/roots_by_range/rows/until
SELECT root."code",
  root."name"
FROM "public"."country" AS root
WHERE root."code" <= $1::text

-- /1/routes/1
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."country" AS root ON root."code" = asked.key1

-- /1/routes/2
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."country" AS base1 ON base1."code" = asked.key1
JOIN "public"."country" AS root ON root."code" = base1."code"

-- /1/routes/3
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author" AS base1 ON base1."book_id" = asked.key1
JOIN "public"."author" AS base2 ON base2."id" = base1."author_id"
JOIN "public"."country" AS base3 ON base3."code" = base2."country"
JOIN "public"."country" AS root ON root."code" = base3."code"

-- /1/routes/4
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."author" AS base1 ON base1."id" = asked.key1
JOIN "public"."country" AS base2 ON base2."code" = base1."country"
JOIN "public"."country" AS root ON root."code" = base2."code"

-- /1/routes/5
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."country" AS root ON root."code" = asked.key1

-- /1/routes/6
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author" AS through2 ON through2."author_id" = asked.key1
JOIN "public"."country_books" AS node1 ON node1."book_id" = through2."book_id"
JOIN "public"."country" AS root ON root."code" = node1."code"

-- /1/routes/7
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."country_books" AS node1 ON node1."book_id" = asked.key1
JOIN "public"."country" AS root ON root."code" = node1."code"

-- /1/routes/8
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author" AS through2 ON through2."author_id" = asked.key1
JOIN "public"."country_books" AS node1 ON node1."book_id" = through2."book_id"
JOIN "public"."country" AS root ON root."code" = node1."code"

