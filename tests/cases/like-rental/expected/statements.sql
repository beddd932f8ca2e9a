-- /0/levels/1/prefetch
SELECT child."id",
  child."city",
  child."country_id"
FROM "public"."city" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."city"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."city",
  child."country_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."city" AS child ON child."id" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."country"
FROM "public"."country" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."country"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."country"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."country" AS child ON child."id" = asked.key1

-- /0/levels/3/join
SELECT asked.ordinal,
  through."inventory_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."rental" AS through ON through."customer_id" = asked.key1

-- /0/levels/3/prefetch
SELECT child."id",
  child."id",
  child."film_id",
  child."store_id"
FROM "public"."inventory" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."inventory"'::regclass
)

-- /0/levels/3/range/after
SELECT through."customer_id",
  through."inventory_id"
FROM "public"."rental" AS through
WHERE through."customer_id" > $1::integer

-- /0/levels/3/range/all
SELECT through."customer_id",
  through."inventory_id"
FROM "public"."rental" AS through
WHERE through."customer_id" IS NOT NULL

-- /0/levels/3/range/between
SELECT through."customer_id",
  through."inventory_id"
FROM "public"."rental" AS through
WHERE through."customer_id" > $1::integer AND through."customer_id" <= $2::integer

-- /0/levels/3/range/until
SELECT through."customer_id",
  through."inventory_id"
FROM "public"."rental" AS through
WHERE through."customer_id" <= $1::integer

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id",
  child."film_id",
  child."store_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."inventory" AS child ON child."id" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."title",
  child."minutes",
  child."id"
FROM "public"."film" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."film"'::regclass
)

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."title",
  child."minutes",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."film" AS child ON child."id" = asked.key1

-- /0/levels/5/join
SELECT asked.ordinal,
  through."actor_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."film_actor" AS through ON through."film_id" = asked.key1

-- /0/levels/5/prefetch
SELECT child."id",
  child."name"
FROM "public"."actor" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."actor"'::regclass
)

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."actor" AS child ON child."id" = asked.key1

-- /0/levels/6/join
SELECT asked.ordinal,
  through."category_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."film_category" AS through ON through."film_id" = asked.key1

-- /0/levels/6/prefetch
SELECT child."id",
  child."name"
FROM "public"."category" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."category"'::regclass
)

-- /0/levels/6/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."category" AS child ON child."id" = asked.key1

-- /0/levels/7/prefetch
SELECT child."id",
  child."phone",
  child."city_id"
FROM "public"."store" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."store"'::regclass
)

-- /0/levels/7/rows
SELECT asked.ordinal,
  child."phone",
  child."city_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."store" AS child ON child."id" = asked.key1

-- /0/levels/8/prefetch
SELECT child."id",
  child."city",
  child."country_id"
FROM "public"."city" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."city"'::regclass
)

-- /0/levels/8/rows
SELECT asked.ordinal,
  child."city",
  child."country_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."city" AS child ON child."id" = asked.key1

-- /0/levels/9/prefetch
SELECT child."id",
  child."country"
FROM "public"."country" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."country"'::regclass
)

-- /0/levels/9/rows
SELECT asked.ordinal,
  child."country"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."country" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name",
  root."city_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."customer" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."customer" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."customer" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."customer"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."name",
  root."city_id"
FROM "public"."customer" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name",
  root."city_id"
FROM "public"."customer" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name",
  root."city_id"
FROM "public"."customer" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name",
  root."city_id"
FROM "public"."customer" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."customer" AS root ON root."city_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."city" AS node1 ON node1."country_id" = asked.key1
JOIN "public"."customer" AS root ON root."city_id" = node1."id"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."rental" AS through3 ON through3."inventory_id" = asked.key1
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."customer" AS root ON root."id" = asked.key1

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."inventory" AS node3 ON node3."film_id" = asked.key1
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."film_actor" AS through5 ON through5."actor_id" = asked.key1
JOIN "public"."film" AS node4 ON node4."id" = through5."film_id"
JOIN "public"."inventory" AS node3 ON node3."film_id" = node4."id"
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/7
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."film" AS node4 ON node4."id" = asked.key1
JOIN "public"."inventory" AS node3 ON node3."film_id" = node4."id"
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/8
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."film_category" AS through6 ON through6."category_id" = asked.key1
JOIN "public"."film" AS node4 ON node4."id" = through6."film_id"
JOIN "public"."inventory" AS node3 ON node3."film_id" = node4."id"
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/9
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."film" AS node4 ON node4."id" = asked.key1
JOIN "public"."inventory" AS node3 ON node3."film_id" = node4."id"
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/10
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."inventory" AS node3 ON node3."store_id" = asked.key1
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/11
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."store" AS node7 ON node7."city_id" = asked.key1
JOIN "public"."inventory" AS node3 ON node3."store_id" = node7."id"
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

-- /0/routes/12
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."city" AS node8 ON node8."country_id" = asked.key1
JOIN "public"."store" AS node7 ON node7."city_id" = node8."id"
JOIN "public"."inventory" AS node3 ON node3."store_id" = node7."id"
JOIN "public"."rental" AS through3 ON through3."inventory_id" = node3."id"
JOIN "public"."customer" AS root ON root."id" = through3."customer_id"

