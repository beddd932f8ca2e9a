-- /0/levels/1/range/after
SELECT child."country_id",
  child."name",
  child."id"
FROM "public"."city" AS child
WHERE child."country_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."country_id",
  child."name",
  child."id"
FROM "public"."city" AS child
WHERE child."country_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."country_id",
  child."name",
  child."id"
FROM "public"."city" AS child
WHERE child."country_id" > $1::integer AND child."country_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."country_id",
  child."name",
  child."id"
FROM "public"."city" AS child
WHERE child."country_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."city" AS child ON child."country_id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."street" AS child ON child."city_id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."number",
  child."owner_id",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."house" AS child ON child."street_id" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."name",
  child."id"
FROM "public"."owner" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."owner"'::regclass
)

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."owner" AS child ON child."id" = asked.key1

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."pet" AS child ON child."owner_id" = asked.key1

-- /0/levels/6/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."toy" AS child ON child."pet_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."country" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."country" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."country" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."country"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id"
FROM "public"."country" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id"
FROM "public"."country" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id"
FROM "public"."country" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id"
FROM "public"."country" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."country" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."city" AS node1 ON node1."id" = asked.key1
JOIN "public"."country" AS root ON root."id" = node1."country_id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."street" AS node2 ON node2."id" = asked.key1
JOIN "public"."city" AS node1 ON node1."id" = node2."city_id"
JOIN "public"."country" AS root ON root."id" = node1."country_id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."house" AS node3 ON node3."owner_id" = asked.key1
JOIN "public"."street" AS node2 ON node2."id" = node3."street_id"
JOIN "public"."city" AS node1 ON node1."id" = node2."city_id"
JOIN "public"."country" AS root ON root."id" = node1."country_id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."owner" AS node4 ON node4."id" = asked.key1
JOIN "public"."house" AS node3 ON node3."owner_id" = node4."id"
JOIN "public"."street" AS node2 ON node2."id" = node3."street_id"
JOIN "public"."city" AS node1 ON node1."id" = node2."city_id"
JOIN "public"."country" AS root ON root."id" = node1."country_id"

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."pet" AS node5 ON node5."id" = asked.key1
JOIN "public"."owner" AS node4 ON node4."id" = node5."owner_id"
JOIN "public"."house" AS node3 ON node3."owner_id" = node4."id"
JOIN "public"."street" AS node2 ON node2."id" = node3."street_id"
JOIN "public"."city" AS node1 ON node1."id" = node2."city_id"
JOIN "public"."country" AS root ON root."id" = node1."country_id"

