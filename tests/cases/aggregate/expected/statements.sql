-- /0/levels/1/range/after
SELECT child."product_id",
  count(*),
  count(child."note"),
  count(DISTINCT child."user_id"),
  count(DISTINCT child."handle"),
  true,
  sum(child."stars"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."stars"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."review" AS child
WHERE child."product_id" > $1::integer
GROUP BY child."product_id"

-- /0/levels/1/range/all
SELECT child."product_id",
  count(*),
  count(child."note"),
  count(DISTINCT child."user_id"),
  count(DISTINCT child."handle"),
  true,
  sum(child."stars"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."stars"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."review" AS child
WHERE child."product_id" IS NOT NULL
GROUP BY child."product_id"

-- /0/levels/1/range/between
SELECT child."product_id",
  count(*),
  count(child."note"),
  count(DISTINCT child."user_id"),
  count(DISTINCT child."handle"),
  true,
  sum(child."stars"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."stars"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."review" AS child
WHERE child."product_id" > $1::integer AND child."product_id" <= $2::integer
GROUP BY child."product_id"

-- /0/levels/1/range/until
SELECT child."product_id",
  count(*),
  count(child."note"),
  count(DISTINCT child."user_id"),
  count(DISTINCT child."handle"),
  true,
  sum(child."stars"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."stars"),
  avg(child."votes"),
  avg(child."price")
FROM "public"."review" AS child
WHERE child."product_id" <= $1::integer
GROUP BY child."product_id"

-- /0/levels/1/rows
SELECT asked.ordinal,
  count(*),
  count(child."note"),
  count(DISTINCT child."user_id"),
  count(DISTINCT child."handle"),
  true,
  sum(child."stars"),
  sum(child."votes"),
  sum(child."price"),
  sum(child."share"),
  sum(child."score"),
  avg(child."stars"),
  avg(child."votes"),
  avg(child."price")
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS child ON child."product_id" = asked.key1
GROUP BY asked.ordinal

-- /0/levels/2/range/after
SELECT child."product_id",
  max(child."stars")::smallint,
  min(child."votes")::bigint,
  max(child."price")::numeric,
  min(child."score")::double precision,
  max(child."note")::character varying,
  "ext".min(child."handle")::ext.citext,
  max(child."feeling")::public.mood,
  min(child."day")::date,
  max(child."at")::timestamp without time zone,
  min(child."wait")::time without time zone
FROM "public"."review" AS child
WHERE child."product_id" > $1::integer
GROUP BY child."product_id"

-- /0/levels/2/range/all
SELECT child."product_id",
  max(child."stars")::smallint,
  min(child."votes")::bigint,
  max(child."price")::numeric,
  min(child."score")::double precision,
  max(child."note")::character varying,
  "ext".min(child."handle")::ext.citext,
  max(child."feeling")::public.mood,
  min(child."day")::date,
  max(child."at")::timestamp without time zone,
  min(child."wait")::time without time zone
FROM "public"."review" AS child
WHERE child."product_id" IS NOT NULL
GROUP BY child."product_id"

-- /0/levels/2/range/between
SELECT child."product_id",
  max(child."stars")::smallint,
  min(child."votes")::bigint,
  max(child."price")::numeric,
  min(child."score")::double precision,
  max(child."note")::character varying,
  "ext".min(child."handle")::ext.citext,
  max(child."feeling")::public.mood,
  min(child."day")::date,
  max(child."at")::timestamp without time zone,
  min(child."wait")::time without time zone
FROM "public"."review" AS child
WHERE child."product_id" > $1::integer AND child."product_id" <= $2::integer
GROUP BY child."product_id"

-- /0/levels/2/range/until
SELECT child."product_id",
  max(child."stars")::smallint,
  min(child."votes")::bigint,
  max(child."price")::numeric,
  min(child."score")::double precision,
  max(child."note")::character varying,
  "ext".min(child."handle")::ext.citext,
  max(child."feeling")::public.mood,
  min(child."day")::date,
  max(child."at")::timestamp without time zone,
  min(child."wait")::time without time zone
FROM "public"."review" AS child
WHERE child."product_id" <= $1::integer
GROUP BY child."product_id"

-- /0/levels/2/rows
SELECT asked.ordinal,
  max(child."stars")::smallint,
  min(child."votes")::bigint,
  max(child."price")::numeric,
  min(child."score")::double precision,
  max(child."note")::character varying,
  "ext".min(child."handle")::ext.citext,
  max(child."feeling")::public.mood,
  min(child."day")::date,
  max(child."at")::timestamp without time zone,
  min(child."wait")::time without time zone
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS child ON child."product_id" = asked.key1
GROUP BY asked.ordinal

-- /0/levels/3/range/after
SELECT child."product_id",
  count(*),
  avg(child."stars")
FROM "public"."review" AS child
WHERE (child."stars" >= 4 AND NOT child."hidden") AND child."product_id" > $1::integer
GROUP BY child."product_id"

-- /0/levels/3/range/all
SELECT child."product_id",
  count(*),
  avg(child."stars")
FROM "public"."review" AS child
WHERE child."product_id" IS NOT NULL AND (child."stars" >= 4 AND NOT child."hidden")
GROUP BY child."product_id"

-- /0/levels/3/range/between
SELECT child."product_id",
  count(*),
  avg(child."stars")
FROM "public"."review" AS child
WHERE (child."stars" >= 4 AND NOT child."hidden") AND child."product_id" > $1::integer AND child."product_id" <= $2::integer
GROUP BY child."product_id"

-- /0/levels/3/range/until
SELECT child."product_id",
  count(*),
  avg(child."stars")
FROM "public"."review" AS child
WHERE (child."stars" >= 4 AND NOT child."hidden") AND child."product_id" <= $1::integer
GROUP BY child."product_id"

-- /0/levels/3/rows
SELECT asked.ordinal,
  count(*),
  avg(child."stars")
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS child ON child."product_id" = asked.key1 AND (child."stars" >= 4 AND NOT child."hidden")
GROUP BY asked.ordinal

-- /0/levels/4/rows
SELECT asked.ordinal,
  count(*),
  count(DISTINCT child."name"),
  max(child."level")::smallint
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."product_label" AS through ON through."product_id" = asked.key1
JOIN "public"."label" AS child ON child."id" = through."label_id"
GROUP BY asked.ordinal

-- /0/levels/5/rows
SELECT asked.ordinal,
  true,
  min(child."name")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."maker" AS child ON child."id" = asked.key1
GROUP BY asked.ordinal

-- /0/levels/6/prefetch
SELECT child."id",
  child."name",
  child."id"
FROM "public"."maker" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."maker"'::regclass
)

-- /0/levels/6/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."maker" AS child ON child."id" = asked.key1

-- /0/levels/7/rows
SELECT asked.ordinal,
  count(*),
  max(child."name")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."product" AS child ON child."maker_id" = asked.key1
GROUP BY asked.ordinal

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id",
  root."maker_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."product" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."product" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."product" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."product"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id",
  root."maker_id"
FROM "public"."product" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id",
  root."maker_id"
FROM "public"."product" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id",
  root."maker_id"
FROM "public"."product" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id",
  root."maker_id"
FROM "public"."product" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."id" = asked.key1

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product_label" AS through4 ON through4."label_id" = asked.key1
JOIN "public"."product" AS root ON root."id" = through4."product_id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."id" = asked.key1

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."maker_id" = asked.key1

-- /0/routes/7
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS root ON root."maker_id" = asked.key1

-- /0/routes/8
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."maker" AS node6 ON node6."id" = asked.key1
JOIN "public"."product" AS root ON root."maker_id" = node6."id"

-- /1/levels/1/range/after
SELECT child."maker_id",
  child."name",
  child."id"
FROM "public"."product" AS child
WHERE child."maker_id" > $1::integer

-- /1/levels/1/range/all
SELECT child."maker_id",
  child."name",
  child."id"
FROM "public"."product" AS child
WHERE child."maker_id" IS NOT NULL

-- /1/levels/1/range/between
SELECT child."maker_id",
  child."name",
  child."id"
FROM "public"."product" AS child
WHERE child."maker_id" > $1::integer AND child."maker_id" <= $2::integer

-- /1/levels/1/range/until
SELECT child."maker_id",
  child."name",
  child."id"
FROM "public"."product" AS child
WHERE child."maker_id" <= $1::integer

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."product" AS child ON child."maker_id" = asked.key1

-- /1/levels/2/rows
SELECT asked.ordinal,
  count(*),
  max(child."stars")::smallint
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."review" AS child ON child."product_id" = asked.key1
GROUP BY asked.ordinal

-- /1/levels/3/rows
SELECT asked.ordinal,
  true,
  sum(child."level")
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."product_label" AS through ON through."product_id" = asked.key1
JOIN "public"."label" AS child ON child."id" = through."label_id" AND (child."level" > 1)
GROUP BY asked.ordinal

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."maker" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."id"
FROM "public"."maker" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."id"
FROM "public"."maker" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."maker"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."name",
  root."id"
FROM "public"."maker" AS root
WHERE root."id" > $1::integer

-- /1/roots_by_range/rows/all
SELECT root."name",
  root."id"
FROM "public"."maker" AS root

-- /1/roots_by_range/rows/between
SELECT root."name",
  root."id"
FROM "public"."maker" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /1/roots_by_range/rows/until
SELECT root."name",
  root."id"
FROM "public"."maker" AS root
WHERE root."id" <= $1::integer

-- /1/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."maker" AS root ON root."id" = asked.key1

-- /1/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS node1 ON node1."id" = asked.key1
JOIN "public"."maker" AS root ON root."id" = node1."maker_id"

-- /1/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product_label" AS through3 ON through3."label_id" = asked.key1
JOIN "public"."product" AS node1 ON node1."id" = through3."product_id"
JOIN "public"."maker" AS root ON root."id" = node1."maker_id"

-- /1/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."product" AS node1 ON node1."id" = asked.key1
JOIN "public"."maker" AS root ON root."id" = node1."maker_id"

