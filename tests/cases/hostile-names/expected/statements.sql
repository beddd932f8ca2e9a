-- /0/levels/1/rows
SELECT asked.ordinal,
  child."fn",
  child."_id",
  child."crate"
FROM unnest($1::integer[], $2::character varying[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "it's ""quoted"""."Über -- Table" AS child ON child."In" = asked.key1 AND child."Out; DROP" = asked.key2

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."where"
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."Join" AS through ON through."Über" = asked.key1
JOIN "public"."?" AS child ON child."?" = through."?"
ORDER BY asked.ordinal, child."?"

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."from" IS NOT NULL,
  root."from",
  root."Größe",
  root."a ""b"" 'c'",
  root."back\slash",
  root."type",
  root."with space",
  root."$1",
  root."☃",
  root."UPPER",
  root."upper",
  root."1st",
  root."-- no comment",
  root."k"
FROM unnest($1::integer[], $2::character varying[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "Group By"."select" AS root ON root."from" = asked.key1 AND root."k" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."from",
  root."k"
FROM "Group By"."select" AS root
ORDER BY root."from", root."k"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."from",
  root."k"
FROM "Group By"."select" AS root
WHERE (root."from", root."k") > ($1::integer, $2::character varying)
ORDER BY root."from", root."k"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"Group By"."select"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."from",
  root."Größe",
  root."a ""b"" 'c'",
  root."back\slash",
  root."type",
  root."with space",
  root."$1",
  root."☃",
  root."UPPER",
  root."upper",
  root."1st",
  root."-- no comment",
  root."k"
FROM "Group By"."select" AS root
WHERE (root."from", root."k") > ($1::integer, $2::character varying)

-- /0/roots_by_range/rows/all
SELECT root."from",
  root."Größe",
  root."a ""b"" 'c'",
  root."back\slash",
  root."type",
  root."with space",
  root."$1",
  root."☃",
  root."UPPER",
  root."upper",
  root."1st",
  root."-- no comment",
  root."k"
FROM "Group By"."select" AS root

-- /0/roots_by_range/rows/between
SELECT root."from",
  root."Größe",
  root."a ""b"" 'c'",
  root."back\slash",
  root."type",
  root."with space",
  root."$1",
  root."☃",
  root."UPPER",
  root."upper",
  root."1st",
  root."-- no comment",
  root."k"
FROM "Group By"."select" AS root
WHERE (root."from", root."k") > ($1::integer, $2::character varying) AND (root."from", root."k") <= ($3::integer, $4::character varying)

-- /0/roots_by_range/rows/until
SELECT root."from",
  root."Größe",
  root."a ""b"" 'c'",
  root."back\slash",
  root."type",
  root."with space",
  root."$1",
  root."☃",
  root."UPPER",
  root."upper",
  root."1st",
  root."-- no comment",
  root."k"
FROM "Group By"."select" AS root
WHERE (root."from", root."k") <= ($1::integer, $2::character varying)

-- /0/routes/1
SELECT DISTINCT root."from"::text, root."k"::text
FROM unnest($1::integer[], $2::character varying[]) AS asked (key1, key2)
JOIN "Group By"."select" AS root ON root."from" = asked.key1 AND root."k" = asked.key2

-- /0/routes/2
SELECT DISTINCT root."from"::text, root."k"::text
FROM unnest($1::text[]) AS asked (key1)
JOIN "public"."Join" AS through2 ON through2."?" = asked.key1
JOIN "it's ""quoted"""."Über -- Table" AS node1 ON node1."crate" = through2."Über"
JOIN "Group By"."select" AS root ON root."from" = node1."In" AND root."k" = node1."Out; DROP"

-- /0/routes/3
SELECT DISTINCT root."from"::text, root."k"::text
FROM unnest($1::uuid[]) AS asked (key1)
JOIN "it's ""quoted"""."Über -- Table" AS node1 ON node1."crate" = asked.key1
JOIN "Group By"."select" AS root ON root."from" = node1."In" AND root."k" = node1."Out; DROP"

