-- /0/levels/1/rows
SELECT asked.ordinal,
  child."day",
  child."value",
  child."id"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."measure" AS child ON child."sensor_id" = asked.key1 AND child."region" = asked.key2

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."text"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."labelled" AS through ON through."sensor_id" = asked.key1 AND through."region" = asked.key2
JOIN "public"."label" AS child ON child."id" = through."label_id" AND child."kind" = through."label_kind"
ORDER BY asked.ordinal, child."id", child."kind", through."label_id", through."label_kind", through."region", through."sensor_id"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."id" IS NOT NULL,
  root."id",
  root."region",
  root."name"
FROM unnest($1::integer[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."sensor" AS root ON root."id" = asked.key1 AND root."region" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id",
  root."region"
FROM "public"."sensor" AS root
ORDER BY root."id", root."region"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id",
  root."region"
FROM "public"."sensor" AS root
WHERE (root."id", root."region") > ($1::integer, $2::text)
ORDER BY root."id", root."region"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
WITH RECURSIVE member (oid) AS (
  SELECT '"public"."sensor"'::regclass::oid
  UNION ALL
  SELECT inherits.inhrelid FROM member JOIN pg_inherits AS inherits ON inherits.inhparent = member.oid
)
SELECT coalesce(sum(greatest(class.reltuples, 0)), 0)::bigint
FROM member JOIN pg_class AS class ON class.oid = member.oid AND class.relkind <> 'p'

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."region",
  root."name"
FROM "public"."sensor" AS root
WHERE (root."id", root."region") > ($1::integer, $2::text)

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."region",
  root."name"
FROM "public"."sensor" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."region",
  root."name"
FROM "public"."sensor" AS root
WHERE (root."id", root."region") > ($1::integer, $2::text) AND (root."id", root."region") <= ($3::integer, $4::text)

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."region",
  root."name"
FROM "public"."sensor" AS root
WHERE (root."id", root."region") <= ($1::integer, $2::text)

-- /0/routes/1
SELECT DISTINCT root."id"::text, root."region"::text
FROM unnest($1::integer[], $2::text[]) AS asked (key1, key2)
JOIN "public"."sensor" AS root ON root."id" = asked.key1 AND root."region" = asked.key2

-- /0/routes/2
SELECT DISTINCT root."id"::text, root."region"::text
FROM unnest($1::integer[], $2::text[]) AS asked (key1, key2)
JOIN "public"."labelled" AS through2 ON through2."label_id" = asked.key1 AND through2."label_kind" = asked.key2
JOIN "public"."sensor" AS root ON root."id" = through2."sensor_id" AND root."region" = through2."region"

-- /0/routes/3
SELECT DISTINCT root."id"::text, root."region"::text
FROM unnest($1::integer[], $2::text[]) AS asked (key1, key2)
JOIN "public"."sensor" AS root ON root."id" = asked.key1 AND root."region" = asked.key2

