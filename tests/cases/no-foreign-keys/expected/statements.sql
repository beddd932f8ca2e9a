-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."cost"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."unit" AS child ON child."species_name" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."structure" AS child ON child."unit_id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id",
  child."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."structure" AS child ON child."family" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."family",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."species" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."species" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."species" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."species"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."family",
  root."id"
FROM "public"."species" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."family",
  root."id"
FROM "public"."species" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."family",
  root."id"
FROM "public"."species" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."family",
  root."id"
FROM "public"."species" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."species" AS root ON root."name" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::bigint[]) AS asked (key1)
JOIN "public"."unit" AS node1 ON node1."id" = asked.key1
JOIN "public"."species" AS root ON root."name" = node1."species_name"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."species" AS root ON root."family" = asked.key1

