-- /0/levels/1/range/after
SELECT child."zone_id",
  child."name",
  child."stops",
  child."id"
FROM "public"."route" AS child
WHERE child."zone_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."zone_id",
  child."name",
  child."stops",
  child."id"
FROM "public"."route" AS child
WHERE child."zone_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."zone_id",
  child."name",
  child."stops",
  child."id"
FROM "public"."route" AS child
WHERE child."zone_id" > $1::integer AND child."zone_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."zone_id",
  child."name",
  child."stops",
  child."id"
FROM "public"."route" AS child
WHERE child."zone_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."stops",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."route" AS child ON child."zone_id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."route_id",
  child."number"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."stop" AS child ON child."route_id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."colour",
  child."id"
FROM unnest($1::integer[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."bench" AS child ON child."route_id" = asked.key1 AND child."number" = asked.key2

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."zone" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."zone" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."zone" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."zone"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id"
FROM "public"."zone" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id"
FROM "public"."zone" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id"
FROM "public"."zone" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id"
FROM "public"."zone" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."zone" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."route" AS node1 ON node1."id" = asked.key1
JOIN "public"."zone" AS root ON root."id" = node1."zone_id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."stop" AS node2 ON node2."route_id" = asked.key1 AND node2."number" = asked.key2
JOIN "public"."route" AS node1 ON node1."id" = node2."route_id"
JOIN "public"."zone" AS root ON root."id" = node1."zone_id"

