-- /0/levels/1/range/after
SELECT child."page_id",
  (child."doc" -> 'name'),
  (child."doc" -> 'size' -> 0),
  child."id"
FROM "public"."part" AS child
WHERE child."page_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."page_id",
  (child."doc" -> 'name'),
  (child."doc" -> 'size' -> 0),
  child."id"
FROM "public"."part" AS child
WHERE child."page_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."page_id",
  (child."doc" -> 'name'),
  (child."doc" -> 'size' -> 0),
  child."id"
FROM "public"."part" AS child
WHERE child."page_id" > $1::integer AND child."page_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."page_id",
  (child."doc" -> 'name'),
  (child."doc" -> 'size' -> 0),
  child."id"
FROM "public"."part" AS child
WHERE child."page_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  (child."doc" -> 'name'),
  (child."doc" -> 'size' -> 0),
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."part" AS child ON child."page_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  (root."doc" -> 'a'),
  (root."doc" -> 'x' -> 0 -> 'y'),
  (root."doc" #> '{d,e,f}' -> 4),
  (root."doc" #> '{d,e}'),
  (root."doc" -> 'with space'),
  (root."raw" -> 'a'),
  (root."raw" -> 'l' -> 2),
  (root."raw" #> '{l,0}'),
  (root."doc" ->> 't'),
  (root."doc" -> 'x' ->> 1),
  (root."doc" #>> '{d,t}'),
  (root."raw" ->> 't'),
  (root."raw" #> '{l}' ->> 1)
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."page" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."page" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."page" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."page"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  (root."doc" -> 'a'),
  (root."doc" -> 'x' -> 0 -> 'y'),
  (root."doc" #> '{d,e,f}' -> 4),
  (root."doc" #> '{d,e}'),
  (root."doc" -> 'with space'),
  (root."raw" -> 'a'),
  (root."raw" -> 'l' -> 2),
  (root."raw" #> '{l,0}'),
  (root."doc" ->> 't'),
  (root."doc" -> 'x' ->> 1),
  (root."doc" #>> '{d,t}'),
  (root."raw" ->> 't'),
  (root."raw" #> '{l}' ->> 1)
FROM "public"."page" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  (root."doc" -> 'a'),
  (root."doc" -> 'x' -> 0 -> 'y'),
  (root."doc" #> '{d,e,f}' -> 4),
  (root."doc" #> '{d,e}'),
  (root."doc" -> 'with space'),
  (root."raw" -> 'a'),
  (root."raw" -> 'l' -> 2),
  (root."raw" #> '{l,0}'),
  (root."doc" ->> 't'),
  (root."doc" -> 'x' ->> 1),
  (root."doc" #>> '{d,t}'),
  (root."raw" ->> 't'),
  (root."raw" #> '{l}' ->> 1)
FROM "public"."page" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  (root."doc" -> 'a'),
  (root."doc" -> 'x' -> 0 -> 'y'),
  (root."doc" #> '{d,e,f}' -> 4),
  (root."doc" #> '{d,e}'),
  (root."doc" -> 'with space'),
  (root."raw" -> 'a'),
  (root."raw" -> 'l' -> 2),
  (root."raw" #> '{l,0}'),
  (root."doc" ->> 't'),
  (root."doc" -> 'x' ->> 1),
  (root."doc" #>> '{d,t}'),
  (root."raw" ->> 't'),
  (root."raw" #> '{l}' ->> 1)
FROM "public"."page" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  (root."doc" -> 'a'),
  (root."doc" -> 'x' -> 0 -> 'y'),
  (root."doc" #> '{d,e,f}' -> 4),
  (root."doc" #> '{d,e}'),
  (root."doc" -> 'with space'),
  (root."raw" -> 'a'),
  (root."raw" -> 'l' -> 2),
  (root."raw" #> '{l,0}'),
  (root."doc" ->> 't'),
  (root."doc" -> 'x' ->> 1),
  (root."doc" #>> '{d,t}'),
  (root."raw" ->> 't'),
  (root."raw" #> '{l}' ->> 1)
FROM "public"."page" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."page" AS root ON root."id" = asked.key1

