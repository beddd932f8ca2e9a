-- /0/levels/1/range/after
SELECT child."machine_id",
  child."text",
  child."number",
  child."at"
FROM "public"."state" AS child
WHERE child."machine_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."machine_id",
  child."text",
  child."number",
  child."at"
FROM "public"."state" AS child
WHERE child."machine_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."machine_id",
  child."text",
  child."number",
  child."at"
FROM "public"."state" AS child
WHERE child."machine_id" > $1::integer AND child."machine_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."machine_id",
  child."text",
  child."number",
  child."at"
FROM "public"."state" AS child
WHERE child."machine_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."text",
  child."number",
  child."at"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."state" AS child ON child."machine_id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."text"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."cause" AS child ON child."state_number" = asked.key1
ORDER BY asked.ordinal, child."id"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."machine" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."machine" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."machine" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."machine"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id"
FROM "public"."machine" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id"
FROM "public"."machine" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id"
FROM "public"."machine" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id"
FROM "public"."machine" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."machine" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."state" AS node1 ON node1."number" = asked.key1
JOIN "public"."machine" AS root ON root."id" = node1."machine_id"

