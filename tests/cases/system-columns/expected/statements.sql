-- /0/levels/1/range/after
SELECT child."shelf",
  child."id",
  to_json(child."ctid")::text
FROM "public"."item" AS child
WHERE child."shelf" > $1::integer

-- /0/levels/1/range/all
SELECT child."shelf",
  child."id",
  to_json(child."ctid")::text
FROM "public"."item" AS child
WHERE child."shelf" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."shelf",
  child."id",
  to_json(child."ctid")::text
FROM "public"."item" AS child
WHERE child."shelf" > $1::integer AND child."shelf" <= $2::integer

-- /0/levels/1/range/until
SELECT child."shelf",
  child."id",
  to_json(child."ctid")::text
FROM "public"."item" AS child
WHERE child."shelf" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  to_json(child."ctid")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."item" AS child ON child."shelf" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  to_json(root."ctid")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."shelf" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."shelf" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."shelf" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."shelf"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  to_json(root."ctid")::text
FROM "public"."shelf" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  to_json(root."ctid")::text
FROM "public"."shelf" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  to_json(root."ctid")::text
FROM "public"."shelf" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  to_json(root."ctid")::text
FROM "public"."shelf" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."shelf" AS root ON root."id" = asked.key1

