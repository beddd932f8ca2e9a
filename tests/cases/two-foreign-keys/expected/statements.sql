-- /0/levels/1/range/after
SELECT child."sender",
  child."text",
  child."receiver",
  child."id"
FROM "public"."letter" AS child
WHERE child."sender" > $1::integer

-- /0/levels/1/range/all
SELECT child."sender",
  child."text",
  child."receiver",
  child."id"
FROM "public"."letter" AS child
WHERE child."sender" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."sender",
  child."text",
  child."receiver",
  child."id"
FROM "public"."letter" AS child
WHERE child."sender" > $1::integer AND child."sender" <= $2::integer

-- /0/levels/1/range/until
SELECT child."sender",
  child."text",
  child."receiver",
  child."id"
FROM "public"."letter" AS child
WHERE child."sender" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."text",
  child."receiver",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."letter" AS child ON child."sender" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."name"
FROM "public"."person" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."person"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."person" AS child ON child."id" = asked.key1

-- /0/levels/3/range/after
SELECT child."receiver",
  child."id",
  child."text"
FROM "public"."letter" AS child
WHERE child."receiver" > $1::integer

-- /0/levels/3/range/all
SELECT child."receiver",
  child."id",
  child."text"
FROM "public"."letter" AS child
WHERE child."receiver" IS NOT NULL

-- /0/levels/3/range/between
SELECT child."receiver",
  child."id",
  child."text"
FROM "public"."letter" AS child
WHERE child."receiver" > $1::integer AND child."receiver" <= $2::integer

-- /0/levels/3/range/until
SELECT child."receiver",
  child."id",
  child."text"
FROM "public"."letter" AS child
WHERE child."receiver" <= $1::integer

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id",
  child."text"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."letter" AS child ON child."receiver" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."text"
FROM "public"."letter" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."letter"'::regclass
)

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."text"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."letter" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id",
  root."favourite_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."person" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."person" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."person" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."person"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id",
  root."favourite_id"
FROM "public"."person" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id",
  root."favourite_id"
FROM "public"."person" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id",
  root."favourite_id"
FROM "public"."person" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id",
  root."favourite_id"
FROM "public"."person" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."person" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."letter" AS node1 ON node1."receiver" = asked.key1
JOIN "public"."person" AS root ON root."id" = node1."sender"

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."person" AS root ON root."id" = asked.key1

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."person" AS root ON root."favourite_id" = asked.key1

