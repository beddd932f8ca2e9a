-- /0/levels/1/prefetch
SELECT child."id",
  child."name"
FROM "public"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."author"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."author" AS child ON child."id" = asked.key1

-- /0/levels/2/range/after
SELECT child."book_id",
  child."reader",
  child."id"
FROM "public"."loan" AS child
WHERE child."book_id" > $1::integer

-- /0/levels/2/range/all
SELECT child."book_id",
  child."reader",
  child."id"
FROM "public"."loan" AS child
WHERE child."book_id" IS NOT NULL

-- /0/levels/2/range/between
SELECT child."book_id",
  child."reader",
  child."id"
FROM "public"."loan" AS child
WHERE child."book_id" > $1::integer AND child."book_id" <= $2::integer

-- /0/levels/2/range/until
SELECT child."book_id",
  child."reader",
  child."id"
FROM "public"."loan" AS child
WHERE child."book_id" <= $1::integer

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."reader",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."loan" AS child ON child."book_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."title",
  root."author_id",
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
  root."author_id",
  root."id"
FROM "public"."book" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."title",
  root."author_id",
  root."id"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."title",
  root."author_id",
  root."id"
FROM "public"."book" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."title",
  root."author_id",
  root."id"
FROM "public"."book" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."author_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

-- /1/levels/1/range/after
SELECT child."author_id",
  child."pages",
  child."id"
FROM "public"."book" AS child
WHERE child."author_id" > $1::integer

-- /1/levels/1/range/all
SELECT child."author_id",
  child."pages",
  child."id"
FROM "public"."book" AS child
WHERE child."author_id" IS NOT NULL

-- /1/levels/1/range/between
SELECT child."author_id",
  child."pages",
  child."id"
FROM "public"."book" AS child
WHERE child."author_id" > $1::integer AND child."author_id" <= $2::integer

-- /1/levels/1/range/until
SELECT child."author_id",
  child."pages",
  child."id"
FROM "public"."book" AS child
WHERE child."author_id" <= $1::integer

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."pages",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book" AS child ON child."author_id" = asked.key1

-- /1/levels/2/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."loan" AS child ON child."book_id" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."author" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "public"."author" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "public"."author" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."author"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."id",
  root."name"
FROM "public"."author" AS root
WHERE root."id" > $1::integer

-- /1/roots_by_range/rows/all
SELECT root."id",
  root."name"
FROM "public"."author" AS root

-- /1/roots_by_range/rows/between
SELECT root."id",
  root."name"
FROM "public"."author" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /1/roots_by_range/rows/until
SELECT root."id",
  root."name"
FROM "public"."author" AS root
WHERE root."id" <= $1::integer

-- /1/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."author" AS root ON root."id" = asked.key1

-- /1/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS node1 ON node1."id" = asked.key1
JOIN "public"."author" AS root ON root."id" = node1."author_id"

-- /2/levels/1/prefetch
SELECT child."id",
  child."title",
  child."author_id"
FROM "public"."book" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."book"'::regclass
)

-- /2/levels/1/rows
SELECT asked.ordinal,
  child."title",
  child."author_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book" AS child ON child."id" = asked.key1

-- /2/levels/2/prefetch
SELECT child."id",
  child."name"
FROM "public"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."author"'::regclass
)

-- /2/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."author" AS child ON child."id" = asked.key1

-- /2/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."reader",
  root."book_id",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."loan" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /2/roots_by_range/cut_first
SELECT root."id"
FROM "public"."loan" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /2/roots_by_range/cut_next
SELECT root."id"
FROM "public"."loan" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /2/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."loan"'::regclass

-- /2/roots_by_range/rows/after
SELECT root."reader",
  root."book_id",
  root."id"
FROM "public"."loan" AS root
WHERE root."id" > $1::integer

-- /2/roots_by_range/rows/all
SELECT root."reader",
  root."book_id",
  root."id"
FROM "public"."loan" AS root

-- /2/roots_by_range/rows/between
SELECT root."reader",
  root."book_id",
  root."id"
FROM "public"."loan" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /2/roots_by_range/rows/until
SELECT root."reader",
  root."book_id",
  root."id"
FROM "public"."loan" AS root
WHERE root."id" <= $1::integer

-- /2/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."loan" AS root ON root."book_id" = asked.key1

-- /2/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS node1 ON node1."author_id" = asked.key1
JOIN "public"."loan" AS root ON root."book_id" = node1."id"

