-- /0/levels/1/range/after
SELECT child."place_id",
  count(DISTINCT child."address"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."probe" AS child
WHERE child."place_id" > $1::integer
GROUP BY child."place_id"

-- /0/levels/1/range/all
SELECT child."place_id",
  count(DISTINCT child."address"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."probe" AS child
WHERE child."place_id" IS NOT NULL
GROUP BY child."place_id"

-- /0/levels/1/range/between
SELECT child."place_id",
  count(DISTINCT child."address"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."probe" AS child
WHERE child."place_id" > $1::integer AND child."place_id" <= $2::integer
GROUP BY child."place_id"

-- /0/levels/1/range/until
SELECT child."place_id",
  count(DISTINCT child."address"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."probe" AS child
WHERE child."place_id" <= $1::integer
GROUP BY child."place_id"

-- /0/levels/1/rows
SELECT asked.ordinal,
  count(DISTINCT child."address"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."votes"),
  avg(child."price")
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."probe" AS child ON child."place_id" = asked.key1
GROUP BY asked.ordinal

-- /0/levels/2/range/after
SELECT child."place_id",
  max(child."price")::numeric,
  min(child."score")::double precision,
  min(child."code")::bpchar,
  max(child."at")::timestamp with time zone,
  to_json(max(child."address")::cidr)::text,
  to_json(max(child."tags")::text[])::text
FROM "public"."probe" AS child
WHERE child."place_id" > $1::integer
GROUP BY child."place_id"

-- /0/levels/2/range/all
SELECT child."place_id",
  max(child."price")::numeric,
  min(child."score")::double precision,
  min(child."code")::bpchar,
  max(child."at")::timestamp with time zone,
  to_json(max(child."address")::cidr)::text,
  to_json(max(child."tags")::text[])::text
FROM "public"."probe" AS child
WHERE child."place_id" IS NOT NULL
GROUP BY child."place_id"

-- /0/levels/2/range/between
SELECT child."place_id",
  max(child."price")::numeric,
  min(child."score")::double precision,
  min(child."code")::bpchar,
  max(child."at")::timestamp with time zone,
  to_json(max(child."address")::cidr)::text,
  to_json(max(child."tags")::text[])::text
FROM "public"."probe" AS child
WHERE child."place_id" > $1::integer AND child."place_id" <= $2::integer
GROUP BY child."place_id"

-- /0/levels/2/range/until
SELECT child."place_id",
  max(child."price")::numeric,
  min(child."score")::double precision,
  min(child."code")::bpchar,
  max(child."at")::timestamp with time zone,
  to_json(max(child."address")::cidr)::text,
  to_json(max(child."tags")::text[])::text
FROM "public"."probe" AS child
WHERE child."place_id" <= $1::integer
GROUP BY child."place_id"

-- /0/levels/2/rows
SELECT asked.ordinal,
  max(child."price")::numeric,
  min(child."score")::double precision,
  min(child."code")::bpchar,
  max(child."at")::timestamp with time zone,
  to_json(max(child."address")::cidr)::text,
  to_json(max(child."tags")::text[])::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."probe" AS child ON child."place_id" = asked.key1
GROUP BY asked.ordinal

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."place" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."place" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."place" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."place"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id"
FROM "public"."place" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id"
FROM "public"."place" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id"
FROM "public"."place" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id"
FROM "public"."place" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."place" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."place" AS root ON root."id" = asked.key1

