-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."mail",
  child."place"
FROM unnest($1::ext.citext[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."login" AS child ON child."mail" OPERATOR("ext".=) asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."label"
FROM unnest($1::ext.citext[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."area" AS child ON child."place" OPERATOR("ext".=) asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."mail" IS NOT NULL,
  root."mail",
  root."name",
  to_json(root."attributes")::text,
  root."place",
  to_json(root."book")::text
FROM unnest($1::ext.citext[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."member" AS root ON root."mail" OPERATOR("ext".=) asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."mail"
FROM "public"."member" AS root
ORDER BY root."mail"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."mail"
FROM "public"."member" AS root
WHERE root."mail" OPERATOR("ext".>) $1::ext.citext
ORDER BY root."mail"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."member"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."mail",
  root."name",
  to_json(root."attributes")::text,
  root."place",
  to_json(root."book")::text
FROM "public"."member" AS root
WHERE root."mail" OPERATOR("ext".>) $1::ext.citext

-- /0/roots_by_range/rows/all
SELECT root."mail",
  root."name",
  to_json(root."attributes")::text,
  root."place",
  to_json(root."book")::text
FROM "public"."member" AS root

-- /0/roots_by_range/rows/between
SELECT root."mail",
  root."name",
  to_json(root."attributes")::text,
  root."place",
  to_json(root."book")::text
FROM "public"."member" AS root
WHERE root."mail" OPERATOR("ext".>) $1::ext.citext AND root."mail" OPERATOR("ext".<=) $2::ext.citext

-- /0/roots_by_range/rows/until
SELECT root."mail",
  root."name",
  to_json(root."attributes")::text,
  root."place",
  to_json(root."book")::text
FROM "public"."member" AS root
WHERE root."mail" OPERATOR("ext".<=) $1::ext.citext

-- /0/routes/1
SELECT DISTINCT root."mail"::text
FROM unnest($1::ext.citext[]) AS asked (key1)
JOIN "public"."member" AS root ON root."mail" OPERATOR("ext".=) asked.key1

-- /0/routes/2
SELECT DISTINCT root."mail"::text
FROM unnest($1::ext.citext[]) AS asked (key1)
JOIN "public"."login" AS node1 ON node1."place" OPERATOR("ext".=) asked.key1
JOIN "public"."member" AS root ON root."mail" OPERATOR("ext".=) node1."mail"

