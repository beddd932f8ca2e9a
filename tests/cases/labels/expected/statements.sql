-- /0/levels/1/range/after
SELECT child."thing_id",
  child."a",
  child."b",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."thing_id",
  child."a",
  child."b",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."thing_id",
  child."a",
  child."b",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" > $1::integer AND child."thing_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."thing_id",
  child."a",
  child."b",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."a",
  child."b",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."part" AS child ON child."thing_id" = asked.key1

-- /0/levels/2/range/after
SELECT child."thing_id",
  child."a",
  child."id"
FROM "public"."owner" AS child
WHERE child."thing_id" > $1::integer

-- /0/levels/2/range/all
SELECT child."thing_id",
  child."a",
  child."id"
FROM "public"."owner" AS child
WHERE child."thing_id" IS NOT NULL

-- /0/levels/2/range/between
SELECT child."thing_id",
  child."a",
  child."id"
FROM "public"."owner" AS child
WHERE child."thing_id" > $1::integer AND child."thing_id" <= $2::integer

-- /0/levels/2/range/until
SELECT child."thing_id",
  child."a",
  child."id"
FROM "public"."owner" AS child
WHERE child."thing_id" <= $1::integer

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."a",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."owner" AS child ON child."thing_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."a",
  root."b",
  root."size.width",
  root."size.height"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."thing" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."thing" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."thing"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."a",
  root."b",
  root."size.width",
  root."size.height"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."a",
  root."b",
  root."size.width",
  root."size.height"
FROM "public"."thing" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."a",
  root."b",
  root."size.width",
  root."size.height"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."a",
  root."b",
  root."size.width",
  root."size.height"
FROM "public"."thing" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."thing" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."thing" AS root ON root."id" = asked.key1

