-- /0/levels/1/rows
SELECT asked.ordinal,
  child."code",
  child."handle"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book" = asked.key1
JOIN "public"."author" AS child ON child."code" = through."author" AND (child."state" = 'open' OR child."handle" OPERATOR(public.=) 'ANN' OR child."born" >= DATE '2020-01-01')
ORDER BY asked.ordinal, child."code", through."author", through."book"

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."body"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."line" AS child ON child."author" = asked.key1 AND (child."body" NOT LIKE E'%\\%%' AND CASE WHEN child."number" > 1 THEN true ELSE child."body" <> '' END)
ORDER BY asked.ordinal, child."author", child."number"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."code" IS NOT NULL,
  root."code",
  root."title"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."book" AS root ON root."code" = asked.key1 AND (root."price" BETWEEN 3 AND 14 OR 'it''s' = ANY (root."tags"))
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."code"
FROM "public"."book" AS root
ORDER BY root."code"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."code"
FROM "public"."book" AS root
WHERE root."code" > $1::text
ORDER BY root."code"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."book"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."code",
  root."title"
FROM "public"."book" AS root
WHERE (root."price" BETWEEN 3 AND 14 OR 'it''s' = ANY (root."tags")) AND root."code" > $1::text

-- /0/roots_by_range/rows/all
SELECT root."code",
  root."title"
FROM "public"."book" AS root
WHERE (root."price" BETWEEN 3 AND 14 OR 'it''s' = ANY (root."tags"))

-- /0/roots_by_range/rows/between
SELECT root."code",
  root."title"
FROM "public"."book" AS root
WHERE (root."price" BETWEEN 3 AND 14 OR 'it''s' = ANY (root."tags")) AND root."code" > $1::text AND root."code" <= $2::text

-- /0/roots_by_range/rows/until
SELECT root."code",
  root."title"
FROM "public"."book" AS root
WHERE (root."price" BETWEEN 3 AND 14 OR 'it''s' = ANY (root."tags")) AND root."code" <= $1::text

-- /0/routes/1
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book_author" AS through1 ON through1."author" = asked.key1
JOIN "public"."book" AS root ON root."code" = through1."book"

-- /0/routes/2
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."code" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."code"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."author" AS node1 ON node1."code" = asked.key1
JOIN "public"."book_author" AS through1 ON through1."author" = node1."code"
JOIN "public"."book" AS root ON root."code" = through1."book"

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."code" IS NOT NULL,
  root."code"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."author" AS root ON root."code" = asked.key1 AND (root."code" ~ 'x' AND (root."long" IS NULL OR root."length" > 2) AND root."handle"::text <> 'nobody')
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."code"
FROM "public"."author" AS root
ORDER BY root."code"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."code"
FROM "public"."author" AS root
WHERE root."code" > $1::text
ORDER BY root."code"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."author"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."code"
FROM "public"."author" AS root
WHERE (root."code" ~ 'x' AND (root."long" IS NULL OR root."length" > 2) AND root."handle"::text <> 'nobody') AND root."code" > $1::text

-- /1/roots_by_range/rows/all
SELECT root."code"
FROM "public"."author" AS root
WHERE (root."code" ~ 'x' AND (root."long" IS NULL OR root."length" > 2) AND root."handle"::text <> 'nobody')

-- /1/roots_by_range/rows/between
SELECT root."code"
FROM "public"."author" AS root
WHERE (root."code" ~ 'x' AND (root."long" IS NULL OR root."length" > 2) AND root."handle"::text <> 'nobody') AND root."code" > $1::text AND root."code" <= $2::text

-- /1/roots_by_range/rows/until
SELECT root."code"
FROM "public"."author" AS root
WHERE (root."code" ~ 'x' AND (root."long" IS NULL OR root."length" > 2) AND root."handle"::text <> 'nobody') AND root."code" <= $1::text

