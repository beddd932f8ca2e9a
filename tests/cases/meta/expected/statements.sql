-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."publisher" AS child ON child."id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."publisher" AS child ON child."id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."name",
  child."id",
  through."id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."isbn" = asked.key1
JOIN "public"."author" AS child ON child."id" = through."author_id"
ORDER BY asked.ordinal, child."id", through."id"

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."stars"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."mark" AS child ON child."author_id" = asked.key1

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."heading",
  child."isbn",
  child."number"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."chapter" AS child ON child."isbn" = asked.key1
ORDER BY asked.ordinal, child."isbn", child."number"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."isbn" IS NOT NULL,
  root."isbn",
  root."title",
  root."publisher_id",
  root."first_id"
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
  root."title",
  root."publisher_id",
  root."first_id"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text

-- /0/roots_by_range/rows/all
SELECT root."isbn",
  root."title",
  root."publisher_id",
  root."first_id"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."isbn",
  root."title",
  root."publisher_id",
  root."first_id"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text AND root."isbn" <= $2::text

-- /0/roots_by_range/rows/until
SELECT root."isbn",
  root."title",
  root."publisher_id",
  root."first_id"
FROM "public"."book" AS root
WHERE root."isbn" <= $1::text

-- /0/routes/1
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."publisher_id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."first_id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author" AS through3 ON through3."author_id" = asked.key1
JOIN "public"."book" AS root ON root."isbn" = through3."isbn"

-- /0/routes/4
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

-- /0/routes/5
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."author" AS node3 ON node3."id" = asked.key1
JOIN "public"."book_author" AS through3 ON through3."author_id" = node3."id"
JOIN "public"."book" AS root ON root."isbn" = through3."isbn"

-- /0/routes/6
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

