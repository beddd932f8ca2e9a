-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."name"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."region" AS through ON through."country" = asked.key1 AND through."number" = asked.key2
JOIN "public"."warehouse" AS child ON child."country" = through."country" AND child."region" = through."number"
ORDER BY asked.ordinal, child."id", through."country", through."number"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."code",
  child."name"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."region" AS through ON through."country" = asked.key1 AND through."number" = asked.key2
JOIN "public"."supplier" AS child ON child."code" = through."supplier"
ORDER BY asked.ordinal, child."code", through."country", through."number"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name",
  root."country",
  root."region"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."store" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."store" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."store" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."store"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."name",
  root."country",
  root."region"
FROM "public"."store" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name",
  root."country",
  root."region"
FROM "public"."store" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name",
  root."country",
  root."region"
FROM "public"."store" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name",
  root."country",
  root."region"
FROM "public"."store" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."region" AS through1 ON through1."country" = asked.key1 AND through1."number" = asked.key2
JOIN "public"."store" AS root ON root."country" = through1."country" AND root."region" = through1."number"

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."store" AS root ON root."country" = asked.key1 AND root."region" = asked.key2

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."region" AS through2 ON through2."supplier" = asked.key1
JOIN "public"."store" AS root ON root."country" = through2."country" AND root."region" = through2."number"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."store" AS root ON root."country" = asked.key1 AND root."region" = asked.key2

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."region" AS through ON through."second" = asked.key1
JOIN "public"."store" AS child ON child."country" = through."country" AND child."region" = through."number"
ORDER BY asked.ordinal, child."id", through."country", through."number"

-- /1/levels/2/rows
SELECT asked.ordinal,
  child."id",
  child."region",
  child."country"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."region" AS through ON through."supplier" = asked.key1
JOIN "public"."warehouse" AS child ON child."region" = through."number" AND child."country" = through."country"
ORDER BY asked.ordinal, child."id", through."country", through."number"

-- /1/levels/3/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."region" AS through ON through."number" = asked.key1 AND through."country" = asked.key2
JOIN "public"."store" AS child ON child."country" = through."country" AND child."region" = through."number"
ORDER BY asked.ordinal, child."id", through."country", through."number"

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."code" IS NOT NULL,
  root."code",
  root."name"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."supplier" AS root ON root."code" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."code"
FROM "public"."supplier" AS root
ORDER BY root."code"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."code"
FROM "public"."supplier" AS root
WHERE root."code" > $1::text
ORDER BY root."code"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."supplier"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."code",
  root."name"
FROM "public"."supplier" AS root
WHERE root."code" > $1::text

-- /1/roots_by_range/rows/all
SELECT root."code",
  root."name"
FROM "public"."supplier" AS root

-- /1/roots_by_range/rows/between
SELECT root."code",
  root."name"
FROM "public"."supplier" AS root
WHERE root."code" > $1::text AND root."code" <= $2::text

-- /1/roots_by_range/rows/until
SELECT root."code",
  root."name"
FROM "public"."supplier" AS root
WHERE root."code" <= $1::text

-- /1/routes/1
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."region" AS through1 ON through1."country" = asked.key1 AND through1."number" = asked.key2
JOIN "public"."supplier" AS root ON root."code" = through1."second"

-- /1/routes/2
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."supplier" AS root ON root."code" = asked.key1

-- /1/routes/3
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."region" AS through2 ON through2."number" = asked.key1 AND through2."country" = asked.key2
JOIN "public"."supplier" AS root ON root."code" = through2."supplier"

-- /1/routes/4
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."supplier" AS root ON root."code" = asked.key1

-- /1/routes/5
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."region" AS through3 ON through3."country" = asked.key1 AND through3."number" = asked.key2
JOIN "public"."warehouse" AS node2 ON node2."region" = through3."number" AND node2."country" = through3."country"
JOIN "public"."region" AS through2 ON through2."number" = node2."region" AND through2."country" = node2."country"
JOIN "public"."supplier" AS root ON root."code" = through2."supplier"

-- /1/routes/6
SELECT DISTINCT root."code"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."warehouse" AS node2 ON node2."region" = asked.key1 AND node2."country" = asked.key2
JOIN "public"."region" AS through2 ON through2."number" = node2."region" AND through2."country" = node2."country"
JOIN "public"."supplier" AS root ON root."code" = through2."supplier"

