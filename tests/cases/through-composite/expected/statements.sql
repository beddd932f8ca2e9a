-- /0/levels/1/rows
SELECT asked.ordinal,
  child."title"
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."office" AS through ON through."town" = asked.key1 AND through."land" = asked.key2
JOIN "public"."firm" AS child ON child."code" = through."firm_code" AND child."number" = through."firm_number"
ORDER BY asked.ordinal, child."code", child."number", through."id"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."road" AS through ON through."from_town" = asked.key1 AND through."from_land" = asked.key2
JOIN "public"."city" AS child ON child."country" = through."to_land" AND child."name" = through."to_town"
ORDER BY asked.ordinal, child."country", child."name", through."id"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."country" IS NOT NULL,
  root."name",
  root."people",
  root."country"
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."city" AS root ON root."country" = asked.key1 AND root."name" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."country",
  root."name"
FROM "public"."city" AS root
ORDER BY root."country", root."name"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."country",
  root."name"
FROM "public"."city" AS root
WHERE (root."country", root."name") > ($1::text, $2::text)
ORDER BY root."country", root."name"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."city"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."people",
  root."country"
FROM "public"."city" AS root
WHERE (root."country", root."name") > ($1::text, $2::text)

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."people",
  root."country"
FROM "public"."city" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."people",
  root."country"
FROM "public"."city" AS root
WHERE (root."country", root."name") > ($1::text, $2::text) AND (root."country", root."name") <= ($3::text, $4::text)

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."people",
  root."country"
FROM "public"."city" AS root
WHERE (root."country", root."name") <= ($1::text, $2::text)

-- /0/routes/1
SELECT DISTINCT root."country"::text, root."name"::text
FROM unnest($1::text[], $2::integer[]) AS asked (key1, key2)
JOIN "public"."office" AS through1 ON through1."firm_code" = asked.key1 AND through1."firm_number" = asked.key2
JOIN "public"."city" AS root ON root."name" = through1."town" AND root."country" = through1."land"

-- /0/routes/2
SELECT DISTINCT root."country"::text, root."name"::text
FROM unnest($1::text[], $2::text[]) AS asked (key1, key2)
JOIN "public"."city" AS root ON root."name" = asked.key1 AND root."country" = asked.key2

-- /0/routes/3
SELECT DISTINCT root."country"::text, root."name"::text
FROM unnest($1::text[], $2::text[]) AS asked (key1, key2)
JOIN "public"."road" AS through2 ON through2."to_land" = asked.key1 AND through2."to_town" = asked.key2
JOIN "public"."city" AS root ON root."name" = through2."from_town" AND root."country" = through2."from_land"

-- /0/routes/4
SELECT DISTINCT root."country"::text, root."name"::text
FROM unnest($1::text[], $2::text[]) AS asked (key1, key2)
JOIN "public"."city" AS root ON root."name" = asked.key1 AND root."country" = asked.key2

