-- /0/levels/1/prefetch
SELECT child."id",
  child."name"
FROM "tenant_1"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"tenant_1"."author"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "tenant_1"."author" AS child ON child."id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."language" AS child ON child."code" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."title",
  root."author_id",
  root."language"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "tenant_1"."book" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "tenant_1"."book" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "tenant_1"."book" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"tenant_1"."book"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_1"."book" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_1"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_1"."book" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_1"."book" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "tenant_1"."book" AS root ON root."author_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "tenant_1"."book" AS root ON root."language" = asked.key1

-- /1/levels/1/prefetch
SELECT child."id",
  child."name"
FROM "tenant_2"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"tenant_2"."author"'::regclass
)

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "tenant_2"."author" AS child ON child."id" = asked.key1

-- /1/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."language" AS child ON child."code" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."title",
  root."author_id",
  root."language"
FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "tenant_2"."book" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "tenant_2"."book" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "tenant_2"."book" AS root
WHERE root."id" > $1::bigint
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"tenant_2"."book"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_2"."book" AS root
WHERE root."id" > $1::bigint

-- /1/roots_by_range/rows/all
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_2"."book" AS root

-- /1/roots_by_range/rows/between
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_2"."book" AS root
WHERE root."id" > $1::bigint AND root."id" <= $2::bigint

-- /1/roots_by_range/rows/until
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "tenant_2"."book" AS root
WHERE root."id" <= $1::bigint

-- /1/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "tenant_2"."book" AS root ON root."author_id" = asked.key1

-- /1/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "tenant_2"."book" AS root ON root."language" = asked.key1

-- /2/levels/1/prefetch
SELECT child."id",
  child."name"
FROM "acme"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"acme"."author"'::regclass
)

-- /2/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "acme"."author" AS child ON child."id" = asked.key1

-- /2/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."language" AS child ON child."code" = asked.key1

-- /2/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."title",
  root."author_id",
  root."language"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "acme"."book" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /2/roots_by_range/cut_first
SELECT root."id"
FROM "acme"."book" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /2/roots_by_range/cut_next
SELECT root."id"
FROM "acme"."book" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /2/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"acme"."book"'::regclass

-- /2/roots_by_range/rows/after
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "acme"."book" AS root
WHERE root."id" > $1::integer

-- /2/roots_by_range/rows/all
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "acme"."book" AS root

-- /2/roots_by_range/rows/between
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "acme"."book" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /2/roots_by_range/rows/until
SELECT root."id",
  root."title",
  root."author_id",
  root."language"
FROM "acme"."book" AS root
WHERE root."id" <= $1::integer

-- /2/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "acme"."book" AS root ON root."author_id" = asked.key1

-- /2/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "acme"."book" AS root ON root."language" = asked.key1

