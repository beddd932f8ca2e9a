-- /0/levels/1/prefetch
SELECT child."id",
  child."id",
  child."guest_id",
  child."home_id",
  child."begins",
  child."ends",
  child."price"
FROM "public"."stay" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."stay"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."guest_id",
  child."home_id",
  child."begins",
  child."ends",
  child."price"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."stay" AS child ON child."id" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."id",
  child."name"
FROM "public"."guest" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."guest"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."id",
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."guest" AS child ON child."id" = asked.key1

-- /0/levels/3/prefetch
SELECT child."id",
  child."id",
  child."name",
  child."city_id",
  child."host_id"
FROM "public"."home" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."home"'::regclass
)

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id",
  child."name",
  child."city_id",
  child."host_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."home" AS child ON child."id" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."id",
  child."name",
  child."code"
FROM "public"."city" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."city"'::regclass
)

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."id",
  child."name",
  child."code"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."city" AS child ON child."id" = asked.key1

-- /0/levels/5/prefetch
SELECT child."id",
  child."email"
FROM "public"."host" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."host"'::regclass
)

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."email"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."host" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."stay_id",
  root."rating",
  root."text"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."opinion" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."opinion" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."opinion" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."opinion"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."stay_id",
  root."rating",
  root."text"
FROM "public"."opinion" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."stay_id",
  root."rating",
  root."text"
FROM "public"."opinion" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."stay_id",
  root."rating",
  root."text"
FROM "public"."opinion" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."stay_id",
  root."rating",
  root."text"
FROM "public"."opinion" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."opinion" AS root ON root."stay_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."stay" AS node1 ON node1."guest_id" = asked.key1
JOIN "public"."opinion" AS root ON root."stay_id" = node1."id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."stay" AS node1 ON node1."home_id" = asked.key1
JOIN "public"."opinion" AS root ON root."stay_id" = node1."id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."home" AS node3 ON node3."city_id" = asked.key1
JOIN "public"."stay" AS node1 ON node1."home_id" = node3."id"
JOIN "public"."opinion" AS root ON root."stay_id" = node1."id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."home" AS node3 ON node3."host_id" = asked.key1
JOIN "public"."stay" AS node1 ON node1."home_id" = node3."id"
JOIN "public"."opinion" AS root ON root."stay_id" = node1."id"

