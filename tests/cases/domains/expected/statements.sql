-- /0/levels/1/rows
SELECT asked.ordinal,
  child."code",
  to_json(child."days")::text,
  child."id"
FROM unnest($1::kinds."Day"[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."task" AS child ON child."day" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."step" AS child ON child."task_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."day" IS NOT NULL,
  root."day",
  root."title",
  root."cost",
  root."number",
  to_json(root."costs")::text,
  root."details"
FROM unnest($1::kinds."Day"[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."plan" AS root ON root."day" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."day"
FROM "public"."plan" AS root
ORDER BY root."day"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."day"
FROM "public"."plan" AS root
WHERE root."day" > $1::kinds."Day"
ORDER BY root."day"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."plan"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."day",
  root."title",
  root."cost",
  root."number",
  to_json(root."costs")::text,
  root."details"
FROM "public"."plan" AS root
WHERE root."day" > $1::kinds."Day"

-- /0/roots_by_range/rows/all
SELECT root."day",
  root."title",
  root."cost",
  root."number",
  to_json(root."costs")::text,
  root."details"
FROM "public"."plan" AS root

-- /0/roots_by_range/rows/between
SELECT root."day",
  root."title",
  root."cost",
  root."number",
  to_json(root."costs")::text,
  root."details"
FROM "public"."plan" AS root
WHERE root."day" > $1::kinds."Day" AND root."day" <= $2::kinds."Day"

-- /0/roots_by_range/rows/until
SELECT root."day",
  root."title",
  root."cost",
  root."number",
  to_json(root."costs")::text,
  root."details"
FROM "public"."plan" AS root
WHERE root."day" <= $1::kinds."Day"

-- /0/routes/1
SELECT DISTINCT root."day"::text
FROM unnest($1::kinds."Day"[]) AS asked (key1)
JOIN "public"."plan" AS root ON root."day" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."day"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."task" AS node1 ON node1."id" = asked.key1
JOIN "public"."plan" AS root ON root."day" = node1."day"

