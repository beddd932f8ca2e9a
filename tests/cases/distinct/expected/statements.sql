-- /0/levels/1/rows
SELECT asked.ordinal,
  child."street"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (child."street") child."id", child."street" FROM "public"."house" AS child
  WHERE child."land" = asked.key1 AND child."number" = asked.key2
  ORDER BY child."street" NULLS LAST, child."id"
) AS child
ORDER BY asked.ordinal, child."street" NULLS LAST, child."id"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."floors"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (child."floors") child."floors", child."id" FROM "public"."house" AS child
  WHERE child."land" = asked.key1 AND child."number" = asked.key2
  ORDER BY child."floors" DESC NULLS FIRST, child."id"
) AS child
ORDER BY asked.ordinal, child."floors" DESC NULLS FIRST, child."id"

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."built"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (child."built") child."built", child."id" FROM "public"."house" AS child
  WHERE child."land" = asked.key1 AND child."number" = asked.key2
  ORDER BY child."built" NULLS LAST, child."id"
  LIMIT 2
) AS child
ORDER BY asked.ordinal, child."built" NULLS LAST, child."id"

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."price"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (child."price") child."id", child."price" FROM "public"."house" AS child
  WHERE child."land" = asked.key1 AND child."number" = asked.key2 AND (NOT child."gone")
  ORDER BY child."price" DESC NULLS LAST, child."id"
  LIMIT 2
) AS child
ORDER BY asked.ordinal, child."price" DESC NULLS LAST, child."id"

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."house" AS child ON child."land" = asked.key1 AND child."number" = asked.key2

-- /0/levels/6/rows
SELECT asked.ordinal,
  child."age"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (child."age") child."age", child."id" FROM "public"."house_style" AS through
  JOIN "public"."style" AS child ON child."id" = through."style"
  WHERE through."house" = asked.key1
  ORDER BY child."age" NULLS LAST, child."id", through."house", through."style"
) AS child
ORDER BY asked.ordinal, child."age" NULLS LAST, child."id"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."land" IS NOT NULL,
  root."name",
  root."land",
  root."number"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."town" AS root ON root."land" = asked.key1 AND root."number" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."land",
  root."number"
FROM "public"."town" AS root
ORDER BY root."land", root."number"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."land",
  root."number"
FROM "public"."town" AS root
WHERE (root."land", root."number") > ($1::integer, $2::integer)
ORDER BY root."land", root."number"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."town"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."land",
  root."number"
FROM "public"."town" AS root
WHERE (root."land", root."number") > ($1::integer, $2::integer)

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."land",
  root."number"
FROM "public"."town" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."land",
  root."number"
FROM "public"."town" AS root
WHERE (root."land", root."number") > ($1::integer, $2::integer) AND (root."land", root."number") <= ($3::integer, $4::integer)

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."land",
  root."number"
FROM "public"."town" AS root
WHERE (root."land", root."number") <= ($1::integer, $2::integer)

-- /0/routes/1
SELECT DISTINCT root."land"::text, root."number"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."town" AS root ON root."land" = asked.key1 AND root."number" = asked.key2

-- /0/routes/2
SELECT DISTINCT root."land"::text, root."number"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."town" AS root ON root."land" = asked.key1 AND root."number" = asked.key2

-- /0/routes/3
SELECT DISTINCT root."land"::text, root."number"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."town" AS root ON root."land" = asked.key1 AND root."number" = asked.key2

-- /0/routes/4
SELECT DISTINCT root."land"::text, root."number"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."town" AS root ON root."land" = asked.key1 AND root."number" = asked.key2

-- /0/routes/5
SELECT DISTINCT root."land"::text, root."number"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."town" AS root ON root."land" = asked.key1 AND root."number" = asked.key2

-- /0/routes/6
SELECT DISTINCT root."land"::text, root."number"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."house_style" AS through6 ON through6."style" = asked.key1
JOIN "public"."house" AS node5 ON node5."id" = through6."house"
JOIN "public"."town" AS root ON root."land" = node5."land" AND root."number" = node5."number"

-- /0/routes/7
SELECT DISTINCT root."land"::text, root."number"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."house" AS node5 ON node5."id" = asked.key1
JOIN "public"."town" AS root ON root."land" = node5."land" AND root."number" = node5."number"

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (child."name") child."id", child."name" FROM "public"."house_style" AS through
  JOIN "public"."style" AS child ON child."id" = through."style" AND (child."age" IS NOT NULL)
  WHERE through."house" = asked.key1
  ORDER BY child."name" NULLS LAST, child."id", through."house", through."style"
  LIMIT 2
) AS child
ORDER BY asked.ordinal, child."name" NULLS LAST, child."id"

-- /1/levels/2/rows
SELECT asked.ordinal,
  child."street"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (child."street") child."id", child."street" FROM "public"."house" AS child
  WHERE child."beside" = asked.key1
  ORDER BY child."street" NULLS LAST, child."id"
) AS child
ORDER BY asked.ordinal, child."street" NULLS LAST, child."id"

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."street",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."house" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "public"."house" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "public"."house" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."house"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."street",
  root."id"
FROM "public"."house" AS root
WHERE root."id" > $1::integer

-- /1/roots_by_range/rows/all
SELECT root."street",
  root."id"
FROM "public"."house" AS root

-- /1/roots_by_range/rows/between
SELECT root."street",
  root."id"
FROM "public"."house" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /1/roots_by_range/rows/until
SELECT root."street",
  root."id"
FROM "public"."house" AS root
WHERE root."id" <= $1::integer

-- /1/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."house_style" AS through1 ON through1."style" = asked.key1
JOIN "public"."house" AS root ON root."id" = through1."house"

-- /1/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."house" AS root ON root."id" = asked.key1

-- /1/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."house" AS root ON root."id" = asked.key1

