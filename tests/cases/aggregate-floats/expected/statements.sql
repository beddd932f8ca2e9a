-- /0/levels/1/rows
SELECT asked.ordinal,
  avg(child."share"),
  avg(child."score"),
  min(child."share")::real
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."reading" AS child ON child."sensor" = asked.key1
GROUP BY asked.ordinal

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."code" IS NOT NULL,
  root."code"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."sensor" AS root ON root."code" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."code"
FROM "public"."sensor" AS root
ORDER BY root."code"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."code"
FROM "public"."sensor" AS root
WHERE root."code" > $1::text
ORDER BY root."code"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."sensor"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."code"
FROM "public"."sensor" AS root
WHERE root."code" > $1::text

-- /0/roots_by_range/rows/all
SELECT root."code"
FROM "public"."sensor" AS root

-- /0/roots_by_range/rows/between
SELECT root."code"
FROM "public"."sensor" AS root
WHERE root."code" > $1::text AND root."code" <= $2::text

-- /0/roots_by_range/rows/until
SELECT root."code"
FROM "public"."sensor" AS root
WHERE root."code" <= $1::text

-- /0/routes/1
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."sensor" AS root ON root."code" = asked.key1

