-- /0/levels/1/prefetch
SELECT child."id",
  child."name",
  to_json(child."border")::text
FROM "public"."district" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."district"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  to_json(child."border")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."district" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."title",
  to_json(root."location")::text,
  to_json(root."outline")::text,
  root."district_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."place" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."place" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."place" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."place"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."title",
  to_json(root."location")::text,
  to_json(root."outline")::text,
  root."district_id"
FROM "public"."place" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."title",
  to_json(root."location")::text,
  to_json(root."outline")::text,
  root."district_id"
FROM "public"."place" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."title",
  to_json(root."location")::text,
  to_json(root."outline")::text,
  root."district_id"
FROM "public"."place" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."title",
  to_json(root."location")::text,
  to_json(root."outline")::text,
  root."district_id"
FROM "public"."place" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."place" AS root ON root."district_id" = asked.key1

