-- /0/levels/1/range/after
SELECT child."team_id",
  child."name",
  child."id"
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."team_id",
  child."name",
  child."id"
FROM "public"."player" AS child
WHERE child."team_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."team_id",
  child."name",
  child."id"
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer AND child."team_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."team_id",
  child."name",
  child."id"
FROM "public"."player" AS child
WHERE child."team_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."name",
  child."id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."player" AS child ON child."team_id" = asked.key1

-- /0/levels/2/range/after
SELECT child."team_id",
  child."id",
  child."number"
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer

-- /0/levels/2/range/all
SELECT child."team_id",
  child."id",
  child."number"
FROM "public"."player" AS child
WHERE child."team_id" IS NOT NULL

-- /0/levels/2/range/between
SELECT child."team_id",
  child."id",
  child."number"
FROM "public"."player" AS child
WHERE child."team_id" > $1::integer AND child."team_id" <= $2::integer

-- /0/levels/2/range/until
SELECT child."team_id",
  child."id",
  child."number"
FROM "public"."player" AS child
WHERE child."team_id" <= $1::integer

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."id",
  child."number"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."player" AS child ON child."team_id" = asked.key1

-- /0/levels/3/join
SELECT asked.ordinal,
  through."player_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."lent" AS through ON through."team_id" = asked.key1

-- /0/levels/3/prefetch
SELECT child."id",
  child."name",
  child."team_id"
FROM "public"."player" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."player"'::regclass
)

-- /0/levels/3/range/after
SELECT through."team_id",
  through."player_id"
FROM "public"."lent" AS through
WHERE through."team_id" > $1::integer

-- /0/levels/3/range/all
SELECT through."team_id",
  through."player_id"
FROM "public"."lent" AS through
WHERE through."team_id" IS NOT NULL

-- /0/levels/3/range/between
SELECT through."team_id",
  through."player_id"
FROM "public"."lent" AS through
WHERE through."team_id" > $1::integer AND through."team_id" <= $2::integer

-- /0/levels/3/range/until
SELECT through."team_id",
  through."player_id"
FROM "public"."lent" AS through
WHERE through."team_id" <= $1::integer

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."name",
  child."team_id"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."player" AS child ON child."id" = asked.key1

-- /0/levels/4/prefetch
SELECT child."id",
  child."name"
FROM "public"."team" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"public"."team"'::regclass
)

-- /0/levels/4/rows
SELECT asked.ordinal,
  child."name"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."team" AS child ON child."id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."name",
  root."id"
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
  root."id"
FROM "public"."team" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."name",
  root."id"
FROM "public"."team" AS root

-- /0/roots_by_range/rows/between
SELECT root."name",
  root."id"
FROM "public"."team" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."name",
  root."id"
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
JOIN "public"."lent" AS through3 ON through3."player_id" = asked.key1
JOIN "public"."team" AS root ON root."id" = through3."team_id"

-- /0/routes/4
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."team" AS root ON root."id" = asked.key1

-- /0/routes/5
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."player" AS node3 ON node3."team_id" = asked.key1
JOIN "public"."lent" AS through3 ON through3."player_id" = node3."id"
JOIN "public"."team" AS root ON root."id" = through3."team_id"

