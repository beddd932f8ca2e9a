-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."author_id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS child ON child."book_isbn" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."name",
  child."id",
  child."is_active"
FROM "public"."publisher" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."publisher"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."name",
  child."id",
  child."is_active"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."publisher" AS child ON child."id" = asked.key1

-- /0/levels/3/join
SELECT asked.ordinal,
  through."language_id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_language" AS through ON through."book_isbn" = asked.key1

-- /0/levels/3/prefetch
SELECT child."id",
  child."code"
FROM "public"."language" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."language"'::regclass
)

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."code"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."language" AS child ON child."id" = asked.key1

-- /0/levels/4/join
SELECT asked.ordinal,
  through."subject_id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_subject" AS through ON through."book_isbn" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."name"
FROM "public"."subject" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."subject"'::regclass
)

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."subject" AS child ON child."id" = asked.key1

-- /0/levels/5/join
SELECT asked.ordinal,
  through."author_id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."book_author" AS through ON through."book_isbn" = asked.key1

-- /0/levels/5/prefetch
SELECT child."id",
  child."id",
  child."name",
  child."born",
  child."country_id"
FROM "public"."author" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."author"'::regclass
)

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."id",
  child."name",
  child."born",
  child."country_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."author" AS child ON child."id" = asked.key1

-- /0/levels/6/prefetch
SELECT child."id",
  child."name",
  child."id",
  child."continent_id"
FROM "public"."country" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."country"'::regclass
)

-- /0/levels/6/rows
SELECT asked.ordinal,
  child."name",
  child."id",
  child."continent_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."country" AS child ON child."id" = asked.key1

-- /0/levels/7/prefetch
SELECT child."id",
  child."name"
FROM "public"."continent" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."continent"'::regclass
)

-- /0/levels/7/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."continent" AS child ON child."id" = asked.key1

-- /0/levels/8/rows
SELECT asked.ordinal,
  child."value",
  child."id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."rating" AS child ON child."book_isbn" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."isbn" IS NOT NULL,
  root."isbn",
  root."title",
  root."description",
  root."copyright",
  root."tags",
  (root."doc" -> 'i'),
  (root."doc" -> 'bool'),
  (root."doc" -> 'firstname'),
  (root."doc" -> 'coords' -> 0),
  (root."doc" -> 'a' -> 'b' -> 'c' -> 1),
  (root."doc" #> '{a,b,c}' -> 0),
  root."publisher_id"
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
  root."description",
  root."copyright",
  root."tags",
  (root."doc" -> 'i'),
  (root."doc" -> 'bool'),
  (root."doc" -> 'firstname'),
  (root."doc" -> 'coords' -> 0),
  (root."doc" -> 'a' -> 'b' -> 'c' -> 1),
  (root."doc" #> '{a,b,c}' -> 0),
  root."publisher_id"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text

-- /0/roots_by_range/rows/all
SELECT root."isbn",
  root."title",
  root."description",
  root."copyright",
  root."tags",
  (root."doc" -> 'i'),
  (root."doc" -> 'bool'),
  (root."doc" -> 'firstname'),
  (root."doc" -> 'coords' -> 0),
  (root."doc" -> 'a' -> 'b' -> 'c' -> 1),
  (root."doc" #> '{a,b,c}' -> 0),
  root."publisher_id"
FROM "public"."book" AS root

-- /0/roots_by_range/rows/between
SELECT root."isbn",
  root."title",
  root."description",
  root."copyright",
  root."tags",
  (root."doc" -> 'i'),
  (root."doc" -> 'bool'),
  (root."doc" -> 'firstname'),
  (root."doc" -> 'coords' -> 0),
  (root."doc" -> 'a' -> 'b' -> 'c' -> 1),
  (root."doc" #> '{a,b,c}' -> 0),
  root."publisher_id"
FROM "public"."book" AS root
WHERE root."isbn" > $1::text AND root."isbn" <= $2::text

-- /0/roots_by_range/rows/until
SELECT root."isbn",
  root."title",
  root."description",
  root."copyright",
  root."tags",
  (root."doc" -> 'i'),
  (root."doc" -> 'bool'),
  (root."doc" -> 'firstname'),
  (root."doc" -> 'coords' -> 0),
  (root."doc" -> 'a' -> 'b' -> 'c' -> 1),
  (root."doc" #> '{a,b,c}' -> 0),
  root."publisher_id"
FROM "public"."book" AS root
WHERE root."isbn" <= $1::text

-- /0/routes/1
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book" AS root ON root."publisher_id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_language" AS through3 ON through3."language_id" = asked.key1
JOIN "public"."book" AS root ON root."isbn" = through3."book_isbn"

-- /0/routes/4
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

-- /0/routes/5
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_subject" AS through4 ON through4."subject_id" = asked.key1
JOIN "public"."book" AS root ON root."isbn" = through4."book_isbn"

-- /0/routes/6
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

-- /0/routes/7
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."book_author" AS through5 ON through5."author_id" = asked.key1
JOIN "public"."book" AS root ON root."isbn" = through5."book_isbn"

-- /0/routes/8
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

-- /0/routes/9
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."author" AS node5 ON node5."country_id" = asked.key1
JOIN "public"."book_author" AS through5 ON through5."author_id" = node5."id"
JOIN "public"."book" AS root ON root."isbn" = through5."book_isbn"

-- /0/routes/10
SELECT DISTINCT root."isbn"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."country" AS node6 ON node6."continent_id" = asked.key1
JOIN "public"."author" AS node5 ON node5."country_id" = node6."id"
JOIN "public"."book_author" AS through5 ON through5."author_id" = node5."id"
JOIN "public"."book" AS root ON root."isbn" = through5."book_isbn"

-- /0/routes/11
SELECT DISTINCT root."isbn"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."book" AS root ON root."isbn" = asked.key1

