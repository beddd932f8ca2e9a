-- /0/levels/1/prefetch
SELECT child."id",
  child."name",
  child."country",
  child."id"
FROM "public"."publisher" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."publisher"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."country",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."publisher" AS child ON child."id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."code",
  child."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."country" AS child ON child."code" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id",
  child."street"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."office" AS child ON child."publisher" = asked.key1

-- /0/levels/4/join
SELECT asked.ordinal,
  through."tag"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_tag" AS through ON through."book" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."name"
FROM "public"."tag" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."tag"'::regclass
)

-- /0/levels/4/range/after
SELECT through."book",
  through."tag"
FROM "public"."book_tag" AS through
WHERE through."book" > $1::integer

-- /0/levels/4/range/all
SELECT through."book",
  through."tag"
FROM "public"."book_tag" AS through
WHERE through."book" IS NOT NULL

-- /0/levels/4/range/between
SELECT through."book",
  through."tag"
FROM "public"."book_tag" AS through
WHERE through."book" > $1::integer AND through."book" <= $2::integer

-- /0/levels/4/range/until
SELECT through."book",
  through."tag"
FROM "public"."book_tag" AS through
WHERE through."book" <= $1::integer

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."id" = asked.key1

-- /0/levels/5/range/after
SELECT child."book",
  child."words",
  child."id"
FROM "public"."page" AS child
WHERE child."book" > $1::integer

-- /0/levels/5/range/all
SELECT child."book",
  child."words",
  child."id"
FROM "public"."page" AS child
WHERE child."book" IS NOT NULL

-- /0/levels/5/range/between
SELECT child."book",
  child."words",
  child."id"
FROM "public"."page" AS child
WHERE child."book" > $1::integer AND child."book" <= $2::integer

-- /0/levels/5/range/until
SELECT child."book",
  child."words",
  child."id"
FROM "public"."page" AS child
WHERE child."book" <= $1::integer

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."words",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."page" AS child ON child."book" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."title",
  root."publisher"
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
  root."title",
  root."publisher"
FROM "public"."book" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."title",
  root."publisher"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."title",
  root."publisher"
FROM "public"."book" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."title",
  root."publisher"
FROM "public"."book" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."publisher" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."publisher" AS node1 ON node1."country" = asked.key1
JOIN "public"."book" AS root ON root."publisher" = node1."id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."publisher" AS node1 ON node1."id" = asked.key1
JOIN "public"."book" AS root ON root."publisher" = node1."id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_tag" AS through4 ON through4."tag" = asked.key1
JOIN "public"."book" AS root ON root."id" = through4."book"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."id" = asked.key1

