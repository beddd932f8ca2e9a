-- /0/levels/1/join
SELECT asked.ordinal,
  through."guest_id"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."ticket" AS through ON through."number" = asked.key1 AND through."hall" = asked.key2

-- /0/levels/1/prefetch
SELECT child."id",
  child."name"
FROM "public"."guest" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."guest"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."guest" AS child ON child."id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."amount"
FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."seat_price" AS through ON through."in_hall" = asked.key1 AND through."seat" = asked.key2
JOIN "public"."price" AS child ON child."id" = through."price"
ORDER BY asked.ordinal, child."id"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."hall" IS NOT NULL,
  root."colour",
  root."number",
  root."hall"
FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."seat" AS root ON root."hall" = asked.key1 AND root."number" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."hall",
  root."number"
FROM "public"."seat" AS root
ORDER BY root."hall", root."number"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."hall",
  root."number"
FROM "public"."seat" AS root
WHERE (root."hall", root."number") > ($1::text, $2::integer)
ORDER BY root."hall", root."number"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."seat"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."colour",
  root."number",
  root."hall"
FROM "public"."seat" AS root
WHERE (root."hall", root."number") > ($1::text, $2::integer)

-- /0/roots_by_range/rows/all
SELECT root."colour",
  root."number",
  root."hall"
FROM "public"."seat" AS root

-- /0/roots_by_range/rows/between
SELECT root."colour",
  root."number",
  root."hall"
FROM "public"."seat" AS root
WHERE (root."hall", root."number") > ($1::text, $2::integer) AND (root."hall", root."number") <= ($3::text, $4::integer)

-- /0/roots_by_range/rows/until
SELECT root."colour",
  root."number",
  root."hall"
FROM "public"."seat" AS root
WHERE (root."hall", root."number") <= ($1::text, $2::integer)

-- /0/routes/1
SELECT DISTINCT root."hall"::text, root."number"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."ticket" AS through1 ON through1."guest_id" = asked.key1
JOIN "public"."seat" AS root ON root."number" = through1."number" AND root."hall" = through1."hall"

-- /0/routes/2
SELECT DISTINCT root."hall"::text, root."number"::text
FROM unnest($1::integer[], $2::text[]) AS asked (key1, key2)
JOIN "public"."seat" AS root ON root."number" = asked.key1 AND root."hall" = asked.key2

-- /0/routes/3
SELECT DISTINCT root."hall"::text, root."number"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."seat_price" AS through2 ON through2."price" = asked.key1
JOIN "public"."seat" AS root ON root."hall" = through2."in_hall" AND root."number" = through2."seat"

-- /0/routes/4
SELECT DISTINCT root."hall"::text, root."number"::text
FROM unnest($1::text[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."seat" AS root ON root."hall" = asked.key1 AND root."number" = asked.key2

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."hall",
  child."number"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."seat_price" AS through ON through."price" = asked.key1
JOIN "public"."seat" AS child ON child."hall" = through."in_hall" AND child."number" = through."seat"
ORDER BY asked.ordinal, child."hall", child."number"

-- /1/levels/2/join
SELECT asked.ordinal,
  through."guest_id"
FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."ticket" AS through ON through."hall" = asked.key1 AND through."number" = asked.key2

-- /1/levels/2/prefetch
SELECT child."id",
  child."id"
FROM "public"."guest" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."guest"'::regclass
)

-- /1/levels/2/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."guest" AS child ON child."id" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."amount"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."price" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "public"."price" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "public"."price" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."price"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."id",
  root."amount"
FROM "public"."price" AS root
WHERE root."id" > $1::integer

-- /1/roots_by_range/rows/all
SELECT root."id",
  root."amount"
FROM "public"."price" AS root

-- /1/roots_by_range/rows/between
SELECT root."id",
  root."amount"
FROM "public"."price" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /1/roots_by_range/rows/until
SELECT root."id",
  root."amount"
FROM "public"."price" AS root
WHERE root."id" <= $1::integer

-- /1/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::text[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."seat_price" AS through1 ON through1."in_hall" = asked.key1 AND through1."seat" = asked.key2
JOIN "public"."price" AS root ON root."id" = through1."price"

-- /1/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::bigint[]) AS asked (key1)
JOIN "public"."price" AS root ON root."id" = asked.key1

-- /1/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."ticket" AS through2 ON through2."guest_id" = asked.key1
JOIN "public"."seat" AS node1 ON node1."hall" = through2."hall" AND node1."number" = through2."number"
JOIN "public"."seat_price" AS through1 ON through1."in_hall" = node1."hall" AND through1."seat" = node1."number"
JOIN "public"."price" AS root ON root."id" = through1."price"

-- /1/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::text[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."seat" AS node1 ON node1."hall" = asked.key1 AND node1."number" = asked.key2
JOIN "public"."seat_price" AS through1 ON through1."in_hall" = node1."hall" AND through1."seat" = node1."number"
JOIN "public"."price" AS root ON root."id" = through1."price"

