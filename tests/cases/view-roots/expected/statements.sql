-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."books",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN (SELECT id,
    name,
    ( SELECT count(*) AS count
           FROM public.book b
          WHERE (b.publisher_id = publisher.id)) AS books
   FROM public.publisher) AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."isbn" IS NOT NULL,
  root."isbn",
  root."title",
  root."publisher",
  root."publisher_id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN LATERAL (
  SELECT * FROM (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root WHERE root."isbn" = asked.key1 OFFSET 0
) AS root ON true
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."isbn"
FROM (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root
WHERE root."isbn" IS NOT NULL
ORDER BY root."isbn"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."isbn"
FROM (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root
WHERE root."isbn" IS NOT NULL AND root."isbn" > $1::text
ORDER BY root."isbn"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."book_view"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."isbn",
  root."title",
  root."publisher",
  root."publisher_id"
FROM (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root
WHERE root."isbn" IS NOT NULL AND root."isbn" > $1::text

-- /0/roots_by_range/rows/all
SELECT root."isbn",
  root."title",
  root."publisher",
  root."publisher_id"
FROM (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root
WHERE root."isbn" IS NOT NULL

-- /0/roots_by_range/rows/between
SELECT root."isbn",
  root."title",
  root."publisher",
  root."publisher_id"
FROM (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root
WHERE root."isbn" IS NOT NULL AND root."isbn" > $1::text AND root."isbn" <= $2::text

-- /0/roots_by_range/rows/until
SELECT root."isbn",
  root."title",
  root."publisher",
  root."publisher_id"
FROM (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root
WHERE root."isbn" IS NOT NULL AND root."isbn" <= $1::text

-- /0/routes/1
SELECT DISTINCT asked.key1::text
FROM unnest($1::text[]) AS asked (key1)

-- /0/routes/2
SELECT DISTINCT base1."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS base1 ON base1."publisher_id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN (SELECT b.isbn,
    b.title,
    b.publisher_id,
    p.name AS publisher
   FROM (public.book b
     JOIN public.publisher p ON ((p.id = b.publisher_id)))
  WHERE p.active) AS root ON root."publisher_id" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."code" IS NOT NULL,
  root."code",
  root."title"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."print" AS root ON root."code" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."code"
FROM "public"."print" AS root
WHERE root."code" IS NOT NULL
ORDER BY root."code"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."code"
FROM "public"."print" AS root
WHERE root."code" IS NOT NULL AND root."code" > $1::text
ORDER BY root."code"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."print"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."code",
  root."title"
FROM "public"."print" AS root
WHERE root."code" IS NOT NULL AND root."code" > $1::text

-- /1/roots_by_range/rows/all
SELECT root."code",
  root."title"
FROM "public"."print" AS root
WHERE root."code" IS NOT NULL

-- /1/roots_by_range/rows/between
SELECT root."code",
  root."title"
FROM "public"."print" AS root
WHERE root."code" IS NOT NULL AND root."code" > $1::text AND root."code" <= $2::text

-- /1/roots_by_range/rows/until
SELECT root."code",
  root."title"
FROM "public"."print" AS root
WHERE root."code" IS NOT NULL AND root."code" <= $1::text

