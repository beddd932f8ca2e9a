-- /0/levels/1/range/after
SELECT child."client_id",
  child."number",
  child."note",
  child."year"
FROM "public"."invoice" AS child
WHERE child."client_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."client_id",
  child."number",
  child."note",
  child."year"
FROM "public"."invoice" AS child
WHERE child."client_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."client_id",
  child."number",
  child."note",
  child."year"
FROM "public"."invoice" AS child
WHERE child."client_id" > $1::integer AND child."client_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."client_id",
  child."number",
  child."note",
  child."year"
FROM "public"."invoice" AS child
WHERE child."client_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."number",
  child."note",
  child."year"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."invoice" AS child ON child."client_id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."amount",
  child."id"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."line" AS child ON child."year" = asked.key1 AND child."number" = asked.key2

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."client" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."client" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."client" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
WITH RECURSIVE member (oid) AS (
  SELECT '"public"."client"'::regclass::oid
  UNION ALL
  SELECT inherits.inhrelid FROM member JOIN pg_inherits AS inherits ON inherits.inhparent = member.oid
)
SELECT coalesce(sum(greatest(class.reltuples, 0)), 0)::bigint
FROM member JOIN pg_class AS class ON class.oid = member.oid AND class.relkind <> 'p'

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."name"
FROM "public"."client" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name"
FROM "public"."client" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name"
FROM "public"."client" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name"
FROM "public"."client" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."client" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."invoice" AS node1 ON node1."year" = asked.key1 AND node1."number" = asked.key2
JOIN "public"."client" AS root ON root."id" = node1."client_id"

