-- /0/levels/1/rows
SELECT asked.ordinal,
  child."text",
  child."id"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."about" AS child ON child."topic" = asked.key1

-- /0/levels/2/range/after
SELECT child."paper_id",
  child."stars",
  child."body",
  child."id"
FROM "public"."note" AS child
WHERE child."paper_id" > $1::integer

-- /0/levels/2/range/all
SELECT child."paper_id",
  child."stars",
  child."body",
  child."id"
FROM "public"."note" AS child
WHERE child."paper_id" IS NOT NULL

-- /0/levels/2/range/between
SELECT child."paper_id",
  child."stars",
  child."body",
  child."id"
FROM "public"."note" AS child
WHERE child."paper_id" > $1::integer AND child."paper_id" <= $2::integer

-- /0/levels/2/range/until
SELECT child."paper_id",
  child."stars",
  child."body",
  child."id"
FROM "public"."note" AS child
WHERE child."paper_id" <= $1::integer

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."stars",
  child."body",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."note" AS child ON child."paper_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."title",
  root."body",
  root."data",
  root."topic"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."paper" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."paper" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."paper" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."paper"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."title",
  root."body",
  root."data",
  root."topic"
FROM "public"."paper" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."title",
  root."body",
  root."data",
  root."topic"
FROM "public"."paper" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."title",
  root."body",
  root."data",
  root."topic"
FROM "public"."paper" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."title",
  root."body",
  root."data",
  root."topic"
FROM "public"."paper" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."paper" AS root ON root."topic" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."paper" AS root ON root."id" = asked.key1

-- /1/levels/1/prefetch
SELECT child."id",
  child."title"
FROM "public"."paper" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."paper"'::regclass
)

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."title"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."paper" AS child ON child."id" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."k" IS NOT NULL,
  root."number",
  root."paper_id",
  root."k"
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."key_of_length" AS root ON root."k" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."k"
FROM "public"."key_of_length" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."k"
FROM "public"."key_of_length" AS root
WHERE root."k" > $1::text
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."key_of_length"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."number",
  root."paper_id",
  root."k"
FROM "public"."key_of_length" AS root
WHERE root."k" > $1::text

-- /1/roots_by_range/rows/all
SELECT root."number",
  root."paper_id",
  root."k"
FROM "public"."key_of_length" AS root

-- /1/roots_by_range/rows/between
SELECT root."number",
  root."paper_id",
  root."k"
FROM "public"."key_of_length" AS root
WHERE root."k" > $1::text AND root."k" <= $2::text

-- /1/roots_by_range/rows/until
SELECT root."number",
  root."paper_id",
  root."k"
FROM "public"."key_of_length" AS root
WHERE root."k" <= $1::text

-- /1/routes/1
SELECT DISTINCT root."k"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."key_of_length" AS root ON root."paper_id" = asked.key1

