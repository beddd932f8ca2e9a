-- /0/levels/1/range/after
SELECT child."customer_id",
  child."id",
  ((child."amount" * 100)::bigint)::bigint,
  (child."amount" + child."amount" * child."vat")::numeric,
  (child."amount" / nullif(child."pieces", 0))::numeric,
  (CASE WHEN child."paid" THEN 'paid' ELSE 'open' END)::text
FROM "public"."invoice" AS child
WHERE (child."amount" > 2) AND child."customer_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."customer_id",
  child."id",
  ((child."amount" * 100)::bigint)::bigint,
  (child."amount" + child."amount" * child."vat")::numeric,
  (child."amount" / nullif(child."pieces", 0))::numeric,
  (CASE WHEN child."paid" THEN 'paid' ELSE 'open' END)::text
FROM "public"."invoice" AS child
WHERE child."customer_id" IS NOT NULL AND (child."amount" > 2)

-- /0/levels/1/range/between
SELECT child."customer_id",
  child."id",
  ((child."amount" * 100)::bigint)::bigint,
  (child."amount" + child."amount" * child."vat")::numeric,
  (child."amount" / nullif(child."pieces", 0))::numeric,
  (CASE WHEN child."paid" THEN 'paid' ELSE 'open' END)::text
FROM "public"."invoice" AS child
WHERE (child."amount" > 2) AND child."customer_id" > $1::integer AND child."customer_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."customer_id",
  child."id",
  ((child."amount" * 100)::bigint)::bigint,
  (child."amount" + child."amount" * child."vat")::numeric,
  (child."amount" / nullif(child."pieces", 0))::numeric,
  (CASE WHEN child."paid" THEN 'paid' ELSE 'open' END)::text
FROM "public"."invoice" AS child
WHERE (child."amount" > 2) AND child."customer_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  ((child."amount" * 100)::bigint)::bigint,
  (child."amount" + child."amount" * child."vat")::numeric,
  (child."amount" / nullif(child."pieces", 0))::numeric,
  (CASE WHEN child."paid" THEN 'paid' ELSE 'open' END)::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."invoice" AS child ON child."customer_id" = asked.key1 AND (child."amount" > 2)

-- /0/levels/2/rows
SELECT asked.ordinal,
  (child."amount" * 2)::numeric
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
CROSS JOIN LATERAL (
  SELECT child."amount", child."id" FROM "public"."invoice" AS child
  WHERE child."customer_id" = asked.key1
  ORDER BY child."amount" DESC NULLS LAST, child."id"
  LIMIT 2
) AS child
ORDER BY asked.ordinal, child."amount" DESC NULLS LAST, child."id"

-- /0/levels/3/range/after
SELECT child."customer_id",
  child."street",
  (child."street" || coalesce(', ' || child."town", ''))::text
FROM "public"."address" AS child
WHERE child."customer_id" > $1::integer

-- /0/levels/3/range/all
SELECT child."customer_id",
  child."street",
  (child."street" || coalesce(', ' || child."town", ''))::text
FROM "public"."address" AS child
WHERE child."customer_id" IS NOT NULL

-- /0/levels/3/range/between
SELECT child."customer_id",
  child."street",
  (child."street" || coalesce(', ' || child."town", ''))::text
FROM "public"."address" AS child
WHERE child."customer_id" > $1::integer AND child."customer_id" <= $2::integer

-- /0/levels/3/range/until
SELECT child."customer_id",
  child."street",
  (child."street" || coalesce(', ' || child."town", ''))::text
FROM "public"."address" AS child
WHERE child."customer_id" <= $1::integer

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."street",
  (child."street" || coalesce(', ' || child."town", ''))::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."address" AS child ON child."customer_id" = asked.key1

-- /0/levels/4/join
SELECT asked.ordinal,
  through."tag_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."customer_tag" AS through ON through."customer_id" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  (upper(child."name") || '/' || coalesce(child."level"::text, '-'))::text
FROM "public"."tag" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."tag"'::regclass
)

-- /0/levels/4/range/after
SELECT through."customer_id",
  through."tag_id"
FROM "public"."customer_tag" AS through
WHERE through."customer_id" > $1::integer

-- /0/levels/4/range/all
SELECT through."customer_id",
  through."tag_id"
FROM "public"."customer_tag" AS through
WHERE through."customer_id" IS NOT NULL

-- /0/levels/4/range/between
SELECT through."customer_id",
  through."tag_id"
FROM "public"."customer_tag" AS through
WHERE through."customer_id" > $1::integer AND through."customer_id" <= $2::integer

-- /0/levels/4/range/until
SELECT through."customer_id",
  through."tag_id"
FROM "public"."customer_tag" AS through
WHERE through."customer_id" <= $1::integer

-- /0/levels/4/rows
SELECT asked.ordinal,
  (upper(child."name") || '/' || coalesce(child."level"::text, '-'))::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."tag" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  (root."first_name" || ' ' || root."lastName")::text,
  (root."first_name" IS NOT NULL)::boolean,
  to_json((ARRAY[root."first_name", root."lastName"]::text[])::text[])::text,
  (root."doc" -> 'plan')::jsonb,
  ((root."born" + 1)::date)::date
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."customer" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."customer" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."customer" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."customer"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  (root."first_name" || ' ' || root."lastName")::text,
  (root."first_name" IS NOT NULL)::boolean,
  to_json((ARRAY[root."first_name", root."lastName"]::text[])::text[])::text,
  (root."doc" -> 'plan')::jsonb,
  ((root."born" + 1)::date)::date
FROM "public"."customer" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  (root."first_name" || ' ' || root."lastName")::text,
  (root."first_name" IS NOT NULL)::boolean,
  to_json((ARRAY[root."first_name", root."lastName"]::text[])::text[])::text,
  (root."doc" -> 'plan')::jsonb,
  ((root."born" + 1)::date)::date
FROM "public"."customer" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  (root."first_name" || ' ' || root."lastName")::text,
  (root."first_name" IS NOT NULL)::boolean,
  to_json((ARRAY[root."first_name", root."lastName"]::text[])::text[])::text,
  (root."doc" -> 'plan')::jsonb,
  ((root."born" + 1)::date)::date
FROM "public"."customer" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  (root."first_name" || ' ' || root."lastName")::text,
  (root."first_name" IS NOT NULL)::boolean,
  to_json((ARRAY[root."first_name", root."lastName"]::text[])::text[])::text,
  (root."doc" -> 'plan')::jsonb,
  ((root."born" + 1)::date)::date
FROM "public"."customer" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."customer" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."customer" AS root ON root."id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."customer" AS root ON root."id" = asked.key1

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."customer_tag" AS through4 ON through4."tag_id" = asked.key1
JOIN "public"."customer" AS root ON root."id" = through4."customer_id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."customer" AS root ON root."id" = asked.key1

-- /1/levels/1/prefetch
SELECT child."id",
  (substring(child."lastName" FROM 1 FOR 6))::text
FROM "public"."customer" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."customer"'::regclass
)

-- /1/levels/1/rows
SELECT asked.ordinal,
  (substring(child."lastName" FROM 1 FOR 6))::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."customer" AS child ON child."id" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."customer_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."invoice" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "public"."invoice" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "public"."invoice" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."invoice"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."id",
  root."customer_id"
FROM "public"."invoice" AS root
WHERE root."id" > $1::integer

-- /1/roots_by_range/rows/all
SELECT root."id",
  root."customer_id"
FROM "public"."invoice" AS root

-- /1/roots_by_range/rows/between
SELECT root."id",
  root."customer_id"
FROM "public"."invoice" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /1/roots_by_range/rows/until
SELECT root."id",
  root."customer_id"
FROM "public"."invoice" AS root
WHERE root."id" <= $1::integer

-- /1/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."invoice" AS root ON root."customer_id" = asked.key1

