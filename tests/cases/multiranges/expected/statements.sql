-- /0/levels/1/rows
SELECT asked.ordinal,
  to_json(child."days")::text,
  child."label",
  child."id"
FROM unnest($1::int4range[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."booking" AS child ON child."during" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  format('%s', asked.key1),
  root."during" IS NOT NULL,
  to_json(root."during")::text,
  root."name",
  to_json(root."numbers")::text,
  to_json(root."days")::text,
  to_json(root."several")::text,
  to_json(root."moments")::text,
  root."during",
  format('%s', root."during")
FROM unnest($1::int4range[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."room" AS root ON root."during" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."during"
FROM "public"."room" AS root
ORDER BY root."during"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."during"
FROM "public"."room" AS root
WHERE root."during" > $1::int4range
ORDER BY root."during"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."room"'::regclass

-- /0/roots_by_range/rows/after
SELECT to_json(root."during")::text,
  root."name",
  to_json(root."numbers")::text,
  to_json(root."days")::text,
  to_json(root."several")::text,
  to_json(root."moments")::text,
  root."during",
  format('%s', root."during")
FROM "public"."room" AS root
WHERE root."during" > $1::int4range

-- /0/roots_by_range/rows/all
SELECT to_json(root."during")::text,
  root."name",
  to_json(root."numbers")::text,
  to_json(root."days")::text,
  to_json(root."several")::text,
  to_json(root."moments")::text,
  root."during",
  format('%s', root."during")
FROM "public"."room" AS root

-- /0/roots_by_range/rows/between
SELECT to_json(root."during")::text,
  root."name",
  to_json(root."numbers")::text,
  to_json(root."days")::text,
  to_json(root."several")::text,
  to_json(root."moments")::text,
  root."during",
  format('%s', root."during")
FROM "public"."room" AS root
WHERE root."during" > $1::int4range AND root."during" <= $2::int4range

-- /0/roots_by_range/rows/until
SELECT to_json(root."during")::text,
  root."name",
  to_json(root."numbers")::text,
  to_json(root."days")::text,
  to_json(root."several")::text,
  to_json(root."moments")::text,
  root."during",
  format('%s', root."during")
FROM "public"."room" AS root
WHERE root."during" <= $1::int4range

-- /0/routes/1
SELECT DISTINCT root."during"::text
FROM unnest($1::int4range[]) AS asked (key1)
JOIN "public"."room" AS root ON root."during" = asked.key1

