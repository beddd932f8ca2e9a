-- /0/levels/1/range/after
SELECT child."thing_id",
  child."name",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."thing_id",
  child."name",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."thing_id",
  child."name",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" > $1::integer AND child."thing_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."thing_id",
  child."name",
  child."id"
FROM "public"."part" AS child
WHERE child."thing_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."part" AS child ON child."thing_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, nullif(asked.key2, '')::text,
  root."id" IS NOT NULL,
  root."id",
  root."region",
  root."note"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."thing" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."thing" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."thing"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."region",
  root."note"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."region",
  root."note"
FROM "public"."thing" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."region",
  root."note"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."region",
  root."note"
FROM "public"."thing" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text, coalesce(root."region"::text, '')
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."thing" AS root ON root."id" = asked.key1

-- /1/levels/1/prefetch
SELECT child."id",
  child."name"
FROM "public"."owner" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."owner"'::regclass
)

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."owner" AS child ON child."id" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1, nullif(asked.key2, '')::integer,
  root."id" IS NOT NULL,
  root."id",
  root."owner_id"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."thing" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "public"."thing" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."thing"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."id",
  root."owner_id"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer

-- /1/roots_by_range/rows/all
SELECT root."id",
  root."owner_id"
FROM "public"."thing" AS root

-- /1/roots_by_range/rows/between
SELECT root."id",
  root."owner_id"
FROM "public"."thing" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /1/roots_by_range/rows/until
SELECT root."id",
  root."owner_id"
FROM "public"."thing" AS root
WHERE root."id" <= $1::integer

-- /1/routes/1
SELECT DISTINCT root."id"::text, coalesce(root."owner_id"::text, '')
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."thing" AS root ON root."owner_id" = asked.key1

-- /2/roots_by_key
SELECT asked.ordinal,
  asked.key1, nullif(asked.key2, '')::integer,
  root."id" IS NOT NULL,
  root."id",
  root."name"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."owner" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /2/roots_by_range/cut_first
SELECT root."id"
FROM "public"."owner" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /2/roots_by_range/cut_next
SELECT root."id"
FROM "public"."owner" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /2/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."owner"'::regclass

-- /2/roots_by_range/rows/after
SELECT root."id",
  root."name"
FROM "public"."owner" AS root
WHERE root."id" > $1::integer

-- /2/roots_by_range/rows/all
SELECT root."id",
  root."name"
FROM "public"."owner" AS root

-- /2/roots_by_range/rows/between
SELECT root."id",
  root."name"
FROM "public"."owner" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /2/roots_by_range/rows/until
SELECT root."id",
  root."name"
FROM "public"."owner" AS root
WHERE root."id" <= $1::integer

