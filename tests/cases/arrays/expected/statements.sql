-- /0/levels/1/range/after
SELECT child."listed_id",
  to_json(child."tags")::text,
  child."id"
FROM "public"."tagged" AS child
WHERE child."listed_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."listed_id",
  to_json(child."tags")::text,
  child."id"
FROM "public"."tagged" AS child
WHERE child."listed_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."listed_id",
  to_json(child."tags")::text,
  child."id"
FROM "public"."tagged" AS child
WHERE child."listed_id" > $1::integer AND child."listed_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."listed_id",
  to_json(child."tags")::text,
  child."id"
FROM "public"."tagged" AS child
WHERE child."listed_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  to_json(child."tags")::text,
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tagged" AS child ON child."listed_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  to_json(root."integers")::text,
  to_json(root."texts")::text,
  to_json(root."numbers")::text,
  to_json(root."flags")::text,
  to_json(root."days")::text,
  to_json(root."moments")::text,
  to_json(root."documents")::text,
  to_json(root."ids")::text,
  to_json(root."colours")::text,
  to_json(root."floats")::text,
  to_json(root."names")::text,
  to_json(root."ranges")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."listed" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."listed" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."listed" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."listed"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  to_json(root."integers")::text,
  to_json(root."texts")::text,
  to_json(root."numbers")::text,
  to_json(root."flags")::text,
  to_json(root."days")::text,
  to_json(root."moments")::text,
  to_json(root."documents")::text,
  to_json(root."ids")::text,
  to_json(root."colours")::text,
  to_json(root."floats")::text,
  to_json(root."names")::text,
  to_json(root."ranges")::text
FROM "public"."listed" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  to_json(root."integers")::text,
  to_json(root."texts")::text,
  to_json(root."numbers")::text,
  to_json(root."flags")::text,
  to_json(root."days")::text,
  to_json(root."moments")::text,
  to_json(root."documents")::text,
  to_json(root."ids")::text,
  to_json(root."colours")::text,
  to_json(root."floats")::text,
  to_json(root."names")::text,
  to_json(root."ranges")::text
FROM "public"."listed" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  to_json(root."integers")::text,
  to_json(root."texts")::text,
  to_json(root."numbers")::text,
  to_json(root."flags")::text,
  to_json(root."days")::text,
  to_json(root."moments")::text,
  to_json(root."documents")::text,
  to_json(root."ids")::text,
  to_json(root."colours")::text,
  to_json(root."floats")::text,
  to_json(root."names")::text,
  to_json(root."ranges")::text
FROM "public"."listed" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  to_json(root."integers")::text,
  to_json(root."texts")::text,
  to_json(root."numbers")::text,
  to_json(root."flags")::text,
  to_json(root."days")::text,
  to_json(root."moments")::text,
  to_json(root."documents")::text,
  to_json(root."ids")::text,
  to_json(root."colours")::text,
  to_json(root."floats")::text,
  to_json(root."names")::text,
  to_json(root."ranges")::text
FROM "public"."listed" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."listed" AS root ON root."id" = asked.key1

