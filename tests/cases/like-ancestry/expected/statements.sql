-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."name",
  child."parent_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."surrogate" AS through ON through."parent_id" = asked.key1
JOIN "public"."child" AS child ON child."parent_id" = through."id"
ORDER BY asked.ordinal, child."id", through."id"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."id",
  child."name",
  child."child_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."grand_child" AS child ON child."child_id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."id",
  child."name",
  child."grand_child_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."great_grand_child" AS child ON child."grand_child_id" = asked.key1

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."id",
  child."name",
  child."great_grand_child_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."last_child" AS child ON child."great_grand_child_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."parent" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."parent" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."parent" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."parent"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."name"
FROM "public"."parent" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."name"
FROM "public"."parent" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."name"
FROM "public"."parent" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."name"
FROM "public"."parent" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."surrogate" AS through1 ON through1."id" = asked.key1
JOIN "public"."parent" AS root ON root."id" = through1."parent_id"

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."parent" AS root ON root."id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."child" AS node1 ON node1."id" = asked.key1
JOIN "public"."surrogate" AS through1 ON through1."id" = node1."parent_id"
JOIN "public"."parent" AS root ON root."id" = through1."parent_id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."grand_child" AS node2 ON node2."id" = asked.key1
JOIN "public"."child" AS node1 ON node1."id" = node2."child_id"
JOIN "public"."surrogate" AS through1 ON through1."id" = node1."parent_id"
JOIN "public"."parent" AS root ON root."id" = through1."parent_id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."great_grand_child" AS node3 ON node3."id" = asked.key1
JOIN "public"."grand_child" AS node2 ON node2."id" = node3."grand_child_id"
JOIN "public"."child" AS node1 ON node1."id" = node2."child_id"
JOIN "public"."surrogate" AS through1 ON through1."id" = node1."parent_id"
JOIN "public"."parent" AS root ON root."id" = through1."parent_id"

