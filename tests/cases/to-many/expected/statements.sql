-- /0/levels/1/rows
SELECT asked.ordinal,
  child."stars",
  child."body",
  child."id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS child ON child."isbn" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."isbn" IS NOT NULL,
  root."isbn",
  root."title"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."book" AS root ON root."isbn" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."isbn"
FROM "public"."book" AS root
ORDER BY root."isbn"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."isbn"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text
ORDER BY root."isbn"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."book"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."isbn",
  root."title"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text

-- /0/roots_by_range/rows/all
SELECT root."isbn",
  root."title"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."isbn",
  root."title"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text AND root."isbn" <= $2::text

-- /0/roots_by_range/rows/until
SELECT root."isbn",
  root."title"
FROM "public"."book" AS root
WHERE root."isbn" <= $1::text

-- /0/routes/1
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

