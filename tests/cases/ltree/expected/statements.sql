-- /0/levels/1/join
SELECT asked.ordinal,
  through."product_id"
FROM unnest($1::ext.ltree[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."filed" AS through ON through."path" OPERATOR("ext".=) asked.key1

-- /0/levels/1/prefetch
SELECT child."id",
  child."name",
  to_json(child."others")::text
FROM "public"."product" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."product"'::regclass
)

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  to_json(child."others")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."product" AS child ON child."id" = asked.key1

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."text",
  child."id"
FROM unnest($1::ext.ltree[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."note" AS child ON child."path" OPERATOR("ext".=) asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  format('%s', asked.key1),
  root."path" IS NOT NULL,
  to_json(root."path")::text,
  root."label",
  root."path",
  format('%s', root."path")
FROM unnest($1::ext.ltree[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."category" AS root ON root."path" OPERATOR("ext".=) asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."path"
FROM "public"."category" AS root
ORDER BY root."path"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."path"
FROM "public"."category" AS root
WHERE root."path" OPERATOR("ext".>) $1::ext.ltree
ORDER BY root."path"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."category"'::regclass

-- /0/roots_by_range/rows/after
SELECT to_json(root."path")::text,
  root."label",
  root."path",
  format('%s', root."path")
FROM "public"."category" AS root
WHERE root."path" OPERATOR("ext".>) $1::ext.ltree

-- /0/roots_by_range/rows/all
SELECT to_json(root."path")::text,
  root."label",
  root."path",
  format('%s', root."path")
FROM "public"."category" AS root

-- /0/roots_by_range/rows/between
SELECT to_json(root."path")::text,
  root."label",
  root."path",
  format('%s', root."path")
FROM "public"."category" AS root
WHERE root."path" OPERATOR("ext".>) $1::ext.ltree AND root."path" OPERATOR("ext".<=) $2::ext.ltree

-- /0/roots_by_range/rows/until
SELECT to_json(root."path")::text,
  root."label",
  root."path",
  format('%s', root."path")
FROM "public"."category" AS root
WHERE root."path" OPERATOR("ext".<=) $1::ext.ltree

-- /0/routes/1
SELECT DISTINCT root."path"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."filed" AS through1 ON through1."product_id" = asked.key1
JOIN "public"."category" AS root ON root."path" OPERATOR("ext".=) through1."path"

-- /0/routes/2
SELECT DISTINCT root."path"::text
FROM unnest($1::ext.ltree[]) AS asked (key1)
JOIN "public"."category" AS root ON root."path" OPERATOR("ext".=) asked.key1

-- /0/routes/3
SELECT DISTINCT root."path"::text
FROM unnest($1::ext.ltree[]) AS asked (key1)
JOIN "public"."category" AS root ON root."path" OPERATOR("ext".=) asked.key1

