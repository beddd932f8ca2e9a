-- /0/levels/1/range/after
SELECT child."team_id",
  count(*),
  sum(child."goals"),
  max(child."goals")::integer
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer
GROUP BY child."team_id"

-- /0/levels/1/range/all
SELECT child."team_id",
  count(*),
  sum(child."goals"),
  max(child."goals")::integer
FROM "public"."player" AS child
WHERE child."team_id" IS NOT NULL
GROUP BY child."team_id"

-- /0/levels/1/range/between
SELECT child."team_id",
  count(*),
  sum(child."goals"),
  max(child."goals")::integer
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer AND child."team_id" <= $2::integer
GROUP BY child."team_id"

-- /0/levels/1/range/until
SELECT child."team_id",
  count(*),
  sum(child."goals"),
  max(child."goals")::integer
FROM "public"."player" AS child
WHERE child."team_id" <= $1::integer
GROUP BY child."team_id"

-- /0/levels/1/rows
SELECT asked.ordinal,
  count(*),
  sum(child."goals"),
  max(child."goals")::integer
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."player" AS child ON child."team_id" = asked.key1
GROUP BY asked.ordinal

-- /0/levels/2/range/after
SELECT child."team_id",
  count(*)
FROM "public"."player" AS child
WHERE (child."active") AND child."team_id" > $1::integer
GROUP BY child."team_id"

-- /0/levels/2/range/all
SELECT child."team_id",
  count(*)
FROM "public"."player" AS child
WHERE child."team_id" IS NOT NULL AND (child."active")
GROUP BY child."team_id"

-- /0/levels/2/range/between
SELECT child."team_id",
  count(*)
FROM "public"."player" AS child
WHERE (child."active") AND child."team_id" > $1::integer AND child."team_id" <= $2::integer
GROUP BY child."team_id"

-- /0/levels/2/range/until
SELECT child."team_id",
  count(*)
FROM "public"."player" AS child
WHERE (child."active") AND child."team_id" <= $1::integer
GROUP BY child."team_id"

-- /0/levels/2/rows
SELECT asked.ordinal,
  count(*)
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."player" AS child ON child."team_id" = asked.key1 AND (child."active")
GROUP BY asked.ordinal

-- /0/levels/3/range/after
SELECT child."team_id",
  avg(child."goals")
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer
GROUP BY child."team_id"

-- /0/levels/3/range/all
SELECT child."team_id",
  avg(child."goals")
FROM "public"."player" AS child
WHERE child."team_id" IS NOT NULL
GROUP BY child."team_id"

-- /0/levels/3/range/between
SELECT child."team_id",
  avg(child."goals")
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer AND child."team_id" <= $2::integer
GROUP BY child."team_id"

-- /0/levels/3/range/until
SELECT child."team_id",
  avg(child."goals")
FROM "public"."player" AS child
WHERE child."team_id" <= $1::integer
GROUP BY child."team_id"

-- /0/levels/3/rows
SELECT asked.ordinal,
  avg(child."goals")
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."player" AS child ON child."team_id" = asked.key1
GROUP BY asked.ordinal

-- /0/levels/4/rows
SELECT asked.ordinal,
  true,
  sum(child."amount")
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."team_sponsor" AS through ON through."team_id" = asked.key1
JOIN "public"."sponsor" AS child ON child."id" = through."sponsor_id"
GROUP BY asked.ordinal

-- /0/levels/5/prefetch
SELECT child."id",
  child."name",
  child."id"
FROM "public"."city" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."city"'::regclass
)

-- /0/levels/5/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."city" AS child ON child."id" = asked.key1

-- /0/levels/6/rows
SELECT asked.ordinal,
  count(*)
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."team" AS child ON child."city_id" = asked.key1
GROUP BY asked.ordinal

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id",
  root."city_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."team" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."team" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."team" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."team"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."name",
  root."id",
  root."city_id"
FROM "public"."team" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id",
  root."city_id"
FROM "public"."team" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id",
  root."city_id"
FROM "public"."team" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id",
  root."city_id"
FROM "public"."team" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."team" AS root ON root."id" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."team" AS root ON root."id" = asked.key1

-- /0/routes/3
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."team" AS root ON root."id" = asked.key1

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."team_sponsor" AS through4 ON through4."sponsor_id" = asked.key1
JOIN "public"."team" AS root ON root."id" = through4."team_id"

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."team" AS root ON root."id" = asked.key1

-- /0/routes/6
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."team" AS root ON root."city_id" = asked.key1

-- /0/routes/7
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."city" AS node5 ON node5."id" = asked.key1
JOIN "public"."team" AS root ON root."city_id" = node5."id"

