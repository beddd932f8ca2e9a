-- /0/levels/1/range/after
SELECT child."account_id",
  child."amount",
  child."day",
  child."note"
FROM "public"."entry" AS child
WHERE child."account_id" > $1::integer
ORDER BY child."account_id", child."amount", child."day", child."note"

-- /0/levels/1/range/all
SELECT child."account_id",
  child."amount",
  child."day",
  child."note"
FROM "public"."entry" AS child
WHERE child."account_id" IS NOT NULL
ORDER BY child."account_id", child."amount", child."day", child."note"

-- /0/levels/1/range/between
SELECT child."account_id",
  child."amount",
  child."day",
  child."note"
FROM "public"."entry" AS child
WHERE child."account_id" > $1::integer AND child."account_id" <= $2::integer
ORDER BY child."account_id", child."amount", child."day", child."note"

-- /0/levels/1/range/until
SELECT child."account_id",
  child."amount",
  child."day",
  child."note"
FROM "public"."entry" AS child
WHERE child."account_id" <= $1::integer
ORDER BY child."account_id", child."amount", child."day", child."note"

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."amount",
  child."day",
  child."note"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."entry" AS child ON child."account_id" = asked.key1
ORDER BY asked.ordinal, child."amount", child."day", child."note"

-- /0/levels/2/range/after
SELECT child."account_id",
  child."tag"
FROM "public"."tag" AS child
WHERE child."account_id" > $1::integer
ORDER BY child."account_id", child."tag"

-- /0/levels/2/range/all
SELECT child."account_id",
  child."tag"
FROM "public"."tag" AS child
WHERE child."account_id" IS NOT NULL
ORDER BY child."account_id", child."tag"

-- /0/levels/2/range/between
SELECT child."account_id",
  child."tag"
FROM "public"."tag" AS child
WHERE child."account_id" > $1::integer AND child."account_id" <= $2::integer
ORDER BY child."account_id", child."tag"

-- /0/levels/2/range/until
SELECT child."account_id",
  child."tag"
FROM "public"."tag" AS child
WHERE child."account_id" <= $1::integer
ORDER BY child."account_id", child."tag"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."tag"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."account_id" = asked.key1
ORDER BY asked.ordinal, child."tag"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."account" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."account" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."account" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."account"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."name"
FROM "public"."account" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name"
FROM "public"."account" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name"
FROM "public"."account" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name"
FROM "public"."account" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."account" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."account" AS root ON root."id" = asked.key1

