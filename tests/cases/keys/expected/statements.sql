-- /0/levels/1/range/after
SELECT child."k",
  child."id"
FROM "public"."of_uuid" AS child
WHERE child."k" > $1::uuid

-- /0/levels/1/range/all
SELECT child."k",
  child."id"
FROM "public"."of_uuid" AS child
WHERE child."k" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."k",
  child."id"
FROM "public"."of_uuid" AS child
WHERE child."k" > $1::uuid AND child."k" <= $2::uuid

-- /0/levels/1/range/until
SELECT child."k",
  child."id"
FROM "public"."of_uuid" AS child
WHERE child."k" <= $1::uuid

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."of_uuid" AS child ON child."k" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."k" IS NOT NULL,
  root."k",
  root."v"
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."by_uuid" AS root ON root."k" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."k"
FROM "public"."by_uuid" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."k"
FROM "public"."by_uuid" AS root
WHERE root."k" > $1::uuid
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_uuid"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."k",
  root."v"
FROM "public"."by_uuid" AS root
WHERE root."k" > $1::uuid

-- /0/roots_by_range/rows/all
SELECT root."k",
  root."v"
FROM "public"."by_uuid" AS root

-- /0/roots_by_range/rows/between
SELECT root."k",
  root."v"
FROM "public"."by_uuid" AS root
WHERE root."k" > $1::uuid AND root."k" <= $2::uuid

-- /0/roots_by_range/rows/until
SELECT root."k",
  root."v"
FROM "public"."by_uuid" AS root
WHERE root."k" <= $1::uuid

-- /0/routes/1
SELECT DISTINCT root."k"::text
FROM unnest($1::uuid[]) AS asked (key1)
JOIN "public"."by_uuid" AS root ON root."k" = asked.key1

-- /1/levels/1/range/after
SELECT child."k",
  child."id"
FROM "public"."of_date" AS child
WHERE child."k" > $1::date

-- /1/levels/1/range/all
SELECT child."k",
  child."id"
FROM "public"."of_date" AS child
WHERE child."k" IS NOT NULL

-- /1/levels/1/range/between
SELECT child."k",
  child."id"
FROM "public"."of_date" AS child
WHERE child."k" > $1::date AND child."k" <= $2::date

-- /1/levels/1/range/until
SELECT child."k",
  child."id"
FROM "public"."of_date" AS child
WHERE child."k" <= $1::date

-- /1/levels/1/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::date[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."of_date" AS child ON child."k" = asked.key1

-- /1/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."k" IS NOT NULL,
  root."k",
  root."v"
FROM unnest($1::date[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."by_date" AS root ON root."k" = asked.key1
ORDER BY asked.ordinal

-- /1/roots_by_range/cut_first
SELECT root."k"
FROM "public"."by_date" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /1/roots_by_range/cut_next
SELECT root."k"
FROM "public"."by_date" AS root
WHERE root."k" > $1::date
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /1/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_date"'::regclass

-- /1/roots_by_range/rows/after
SELECT root."k",
  root."v"
FROM "public"."by_date" AS root
WHERE root."k" > $1::date

-- /1/roots_by_range/rows/all
SELECT root."k",
  root."v"
FROM "public"."by_date" AS root

-- /1/roots_by_range/rows/between
SELECT root."k",
  root."v"
FROM "public"."by_date" AS root
WHERE root."k" > $1::date AND root."k" <= $2::date

-- /1/roots_by_range/rows/until
SELECT root."k",
  root."v"
FROM "public"."by_date" AS root
WHERE root."k" <= $1::date

-- /1/routes/1
SELECT DISTINCT root."k"::text
FROM unnest($1::date[]) AS asked (key1)
JOIN "public"."by_date" AS root ON root."k" = asked.key1

-- /2/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."k"
FROM unnest($1::numeric[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."of_numeric" AS child ON child."k" = asked.key1

-- /2/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."k" IS NOT NULL,
  root."k",
  root."v"
FROM unnest($1::numeric[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."by_numeric" AS root ON root."k" = asked.key1
ORDER BY asked.ordinal

-- /2/roots_by_range/cut_first
SELECT root."k"
FROM "public"."by_numeric" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /2/roots_by_range/cut_next
SELECT root."k"
FROM "public"."by_numeric" AS root
WHERE root."k" > $1::numeric
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /2/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_numeric"'::regclass

-- /2/roots_by_range/rows/after
SELECT root."k",
  root."v"
FROM "public"."by_numeric" AS root
WHERE root."k" > $1::numeric

-- /2/roots_by_range/rows/all
SELECT root."k",
  root."v"
FROM "public"."by_numeric" AS root

-- /2/roots_by_range/rows/between
SELECT root."k",
  root."v"
FROM "public"."by_numeric" AS root
WHERE root."k" > $1::numeric AND root."k" <= $2::numeric

-- /2/roots_by_range/rows/until
SELECT root."k",
  root."v"
FROM "public"."by_numeric" AS root
WHERE root."k" <= $1::numeric

-- /2/routes/1
SELECT DISTINCT root."k"::text
FROM unnest($1::numeric[]) AS asked (key1)
JOIN "public"."by_numeric" AS root ON root."k" = asked.key1

-- /3/levels/1/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::timestamp with time zone[], $2::boolean[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."of_moment" AS child ON child."at" = asked.key1 AND child."b" = asked.key2

-- /3/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."b" IS NOT NULL,
  root."k",
  root."b",
  root."v"
FROM unnest($1::boolean[], $2::timestamp with time zone[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."by_moment" AS root ON root."b" = asked.key1 AND root."k" = asked.key2
ORDER BY asked.ordinal

-- /3/roots_by_range/cut_first
SELECT root."b",
  root."k"
FROM "public"."by_moment" AS root
ORDER BY root."b", root."k"
OFFSET $1::bigint LIMIT 1

-- /3/roots_by_range/cut_next
SELECT root."b",
  root."k"
FROM "public"."by_moment" AS root
WHERE (root."b", root."k") > ($1::boolean, $2::timestamp with time zone)
ORDER BY root."b", root."k"
OFFSET $3::bigint LIMIT 1

-- /3/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_moment"'::regclass

-- /3/roots_by_range/rows/after
SELECT root."k",
  root."b",
  root."v"
FROM "public"."by_moment" AS root
WHERE (root."b", root."k") > ($1::boolean, $2::timestamp with time zone)

-- /3/roots_by_range/rows/all
SELECT root."k",
  root."b",
  root."v"
FROM "public"."by_moment" AS root

-- /3/roots_by_range/rows/between
SELECT root."k",
  root."b",
  root."v"
FROM "public"."by_moment" AS root
WHERE (root."b", root."k") > ($1::boolean, $2::timestamp with time zone) AND (root."b", root."k") <= ($3::boolean, $4::timestamp with time zone)

-- /3/roots_by_range/rows/until
SELECT root."k",
  root."b",
  root."v"
FROM "public"."by_moment" AS root
WHERE (root."b", root."k") <= ($1::boolean, $2::timestamp with time zone)

-- /3/routes/1
SELECT DISTINCT root."b"::text, root."k"::text
FROM unnest($1::timestamp with time zone[], $2::boolean[]) AS asked (key1, key2)
JOIN "public"."by_moment" AS root ON root."k" = asked.key1 AND root."b" = asked.key2

-- /4/levels/1/rows
SELECT asked.ordinal,
  child."k",
  child."v"
FROM unnest($1::bpchar[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."by_character" AS child ON child."k" = asked.key1

-- /4/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."k",
  root."c"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."of_character" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /4/roots_by_range/cut_first
SELECT root."id"
FROM "public"."of_character" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /4/roots_by_range/cut_next
SELECT root."id"
FROM "public"."of_character" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /4/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."of_character"'::regclass

-- /4/roots_by_range/rows/after
SELECT root."id",
  root."k",
  root."c"
FROM "public"."of_character" AS root
WHERE root."id" > $1::integer

-- /4/roots_by_range/rows/all
SELECT root."id",
  root."k",
  root."c"
FROM "public"."of_character" AS root

-- /4/roots_by_range/rows/between
SELECT root."id",
  root."k",
  root."c"
FROM "public"."of_character" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /4/roots_by_range/rows/until
SELECT root."id",
  root."k",
  root."c"
FROM "public"."of_character" AS root
WHERE root."id" <= $1::integer

-- /4/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::bpchar[]) AS asked (key1)
JOIN "public"."of_character" AS root ON root."c" = asked.key1

-- /5/levels/1/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."of_bytea" AS child ON child."k" = asked.key1

-- /5/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."k" IS NOT NULL,
  root."v",
  root."k"
FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."by_bytea" AS root ON root."k" = asked.key1
ORDER BY asked.ordinal

-- /5/roots_by_range/cut_first
SELECT root."k"
FROM "public"."by_bytea" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /5/roots_by_range/cut_next
SELECT root."k"
FROM "public"."by_bytea" AS root
WHERE root."k" > $1::bytea
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /5/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_bytea"'::regclass

-- /5/roots_by_range/rows/after
SELECT root."v",
  root."k"
FROM "public"."by_bytea" AS root
WHERE root."k" > $1::bytea

-- /5/roots_by_range/rows/all
SELECT root."v",
  root."k"
FROM "public"."by_bytea" AS root

-- /5/roots_by_range/rows/between
SELECT root."v",
  root."k"
FROM "public"."by_bytea" AS root
WHERE root."k" > $1::bytea AND root."k" <= $2::bytea

-- /5/roots_by_range/rows/until
SELECT root."v",
  root."k"
FROM "public"."by_bytea" AS root
WHERE root."k" <= $1::bytea

-- /5/routes/1
SELECT DISTINCT root."k"::text
FROM unnest($1::bytea[]) AS asked (key1)
JOIN "public"."by_bytea" AS root ON root."k" = asked.key1

-- /6/levels/1/rows
SELECT asked.ordinal,
  child."v"
FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."by_small" AS child ON child."k" = asked.key1

-- /6/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."id" IS NOT NULL,
  root."id",
  root."k"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."of_small" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /6/roots_by_range/cut_first
SELECT root."id"
FROM "public"."of_small" AS root
ORDER BY root."id"
OFFSET $1::bigint LIMIT 1

-- /6/roots_by_range/cut_next
SELECT root."id"
FROM "public"."of_small" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint LIMIT 1

-- /6/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."of_small"'::regclass

-- /6/roots_by_range/rows/after
SELECT root."id",
  root."k"
FROM "public"."of_small" AS root
WHERE root."id" > $1::integer

-- /6/roots_by_range/rows/all
SELECT root."id",
  root."k"
FROM "public"."of_small" AS root

-- /6/roots_by_range/rows/between
SELECT root."id",
  root."k"
FROM "public"."of_small" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /6/roots_by_range/rows/until
SELECT root."id",
  root."k"
FROM "public"."of_small" AS root
WHERE root."id" <= $1::integer

-- /6/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::smallint[]) AS asked (key1)
JOIN "public"."of_small" AS root ON root."k" = asked.key1

-- /7/levels/1/rows
SELECT asked.ordinal,
  child."id"
FROM unnest($1::double precision[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."of_float" AS child ON child."k" = asked.key1

-- /7/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."k" IS NOT NULL,
  root."k",
  root."v"
FROM unnest($1::double precision[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."by_float" AS root ON root."k" = asked.key1
ORDER BY asked.ordinal

-- /7/roots_by_range/cut_first
SELECT root."k"
FROM "public"."by_float" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /7/roots_by_range/cut_next
SELECT root."k"
FROM "public"."by_float" AS root
WHERE root."k" > $1::double precision
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /7/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_float"'::regclass

-- /7/roots_by_range/rows/after
SELECT root."k",
  root."v"
FROM "public"."by_float" AS root
WHERE root."k" > $1::double precision

-- /7/roots_by_range/rows/all
SELECT root."k",
  root."v"
FROM "public"."by_float" AS root

-- /7/roots_by_range/rows/between
SELECT root."k",
  root."v"
FROM "public"."by_float" AS root
WHERE root."k" > $1::double precision AND root."k" <= $2::double precision

-- /7/roots_by_range/rows/until
SELECT root."k",
  root."v"
FROM "public"."by_float" AS root
WHERE root."k" <= $1::double precision

-- /7/routes/1
SELECT DISTINCT root."k"::text
FROM unnest($1::double precision[]) AS asked (key1)
JOIN "public"."by_float" AS root ON root."k" = asked.key1

-- /8/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."k"
FROM unnest($1::interval[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."of_interval" AS child ON child."k" = asked.key1

-- /8/roots_by_key
SELECT asked.ordinal,
  format('%s', asked.key1),
  root."k" IS NOT NULL,
  root."k",
  root."v",
  format('%s', root."k")
FROM unnest($1::interval[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."by_interval" AS root ON root."k" = asked.key1
ORDER BY asked.ordinal

-- /8/roots_by_range/cut_first
SELECT root."k"
FROM "public"."by_interval" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /8/roots_by_range/cut_next
SELECT root."k"
FROM "public"."by_interval" AS root
WHERE root."k" > $1::interval
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /8/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_interval"'::regclass

-- /8/roots_by_range/rows/after
SELECT root."k",
  root."v",
  format('%s', root."k")
FROM "public"."by_interval" AS root
WHERE root."k" > $1::interval

-- /8/roots_by_range/rows/all
SELECT root."k",
  root."v",
  format('%s', root."k")
FROM "public"."by_interval" AS root

-- /8/roots_by_range/rows/between
SELECT root."k",
  root."v",
  format('%s', root."k")
FROM "public"."by_interval" AS root
WHERE root."k" > $1::interval AND root."k" <= $2::interval

-- /8/roots_by_range/rows/until
SELECT root."k",
  root."v",
  format('%s', root."k")
FROM "public"."by_interval" AS root
WHERE root."k" <= $1::interval

-- /8/routes/1
SELECT DISTINCT root."k"::text
FROM unnest($1::interval[]) AS asked (key1)
JOIN "public"."by_interval" AS root ON root."k" = asked.key1

-- /9/roots_by_key
SELECT asked.ordinal,
  format('%s', asked.key1::integer[]),
  root."k" IS NOT NULL,
  to_json(root."k")::text,
  root."v",
  format('%s', root."k")
FROM unnest($1::text[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."by_list" AS root ON root."k" = asked.key1::integer[]
ORDER BY asked.ordinal

-- /9/roots_by_range/cut_first
SELECT root."k"
FROM "public"."by_list" AS root
ORDER BY root."k"
OFFSET $1::bigint LIMIT 1

-- /9/roots_by_range/cut_next
SELECT root."k"
FROM "public"."by_list" AS root
WHERE root."k" > $1::integer[]
ORDER BY root."k"
OFFSET $2::bigint LIMIT 1

-- /9/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."by_list"'::regclass

-- /9/roots_by_range/rows/after
SELECT to_json(root."k")::text,
  root."v",
  format('%s', root."k")
FROM "public"."by_list" AS root
WHERE root."k" > $1::integer[]

-- /9/roots_by_range/rows/all
SELECT to_json(root."k")::text,
  root."v",
  format('%s', root."k")
FROM "public"."by_list" AS root

-- /9/roots_by_range/rows/between
SELECT to_json(root."k")::text,
  root."v",
  format('%s', root."k")
FROM "public"."by_list" AS root
WHERE root."k" > $1::integer[] AND root."k" <= $2::integer[]

-- /9/roots_by_range/rows/until
SELECT to_json(root."k")::text,
  root."v",
  format('%s', root."k")
FROM "public"."by_list" AS root
WHERE root."k" <= $1::integer[]

