-- /0/levels/1/rows
SELECT asked.ordinal,
  child."number",
  child."passenger",
  (child."contact" -> 'phone'),
  (child."contact" -> 'email' -> 0)
FROM unnest($1::bpchar[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "bookings"."ticket" AS child ON child."ref" = asked.key1
ORDER BY asked.ordinal, child."number"

-- /0/levels/2/join
SELECT asked.ordinal,
  through."flight_id"
FROM unnest($1::bpchar[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "bookings"."ticket_flight" AS through ON through."number" = asked.key1

-- /0/levels/2/prefetch
SELECT child."id",
  child."number",
  child."departs",
  child."from",
  child."to"
FROM "bookings"."flight" AS child
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = '"bookings"."flight"'::regclass
)

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."number",
  child."departs",
  child."from",
  child."to"
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "bookings"."flight" AS child ON child."id" = asked.key1

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."code",
  (child."name" -> 'en')
FROM unnest($1::bpchar[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "bookings"."airport" AS child ON child."code" = asked.key1

-- /0/levels/4/rows
SELECT asked.ordinal,
  to_json(child."place")::text
FROM unnest($1::bpchar[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "bookings"."airport" AS child ON child."code" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root."ref" IS NOT NULL,
  root."ref",
  root."day",
  root."total"
FROM unnest($1::bpchar[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "bookings"."booking" AS root ON root."ref" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."ref"
FROM "bookings"."booking" AS root
ORDER BY root."ref"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."ref"
FROM "bookings"."booking" AS root
WHERE root."ref" > $1::bpchar
ORDER BY root."ref"
OFFSET $2::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"bookings"."booking"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."ref",
  root."day",
  root."total"
FROM "bookings"."booking" AS root
WHERE root."ref" > $1::bpchar

-- /0/roots_by_range/rows/all
SELECT root."ref",
  root."day",
  root."total"
FROM "bookings"."booking" AS root

-- /0/roots_by_range/rows/between
SELECT root."ref",
  root."day",
  root."total"
FROM "bookings"."booking" AS root
WHERE root."ref" > $1::bpchar AND root."ref" <= $2::bpchar

-- /0/roots_by_range/rows/until
SELECT root."ref",
  root."day",
  root."total"
FROM "bookings"."booking" AS root
WHERE root."ref" <= $1::bpchar

-- /0/routes/1
SELECT DISTINCT root."ref"::text
FROM unnest($1::bpchar[]) AS asked (key1)
JOIN "bookings"."booking" AS root ON root."ref" = asked.key1

-- /0/routes/2
SELECT DISTINCT root."ref"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "bookings"."ticket_flight" AS through2 ON through2."flight_id" = asked.key1
JOIN "bookings"."ticket" AS node1 ON node1."number" = through2."number"
JOIN "bookings"."booking" AS root ON root."ref" = node1."ref"

-- /0/routes/3
SELECT DISTINCT root."ref"::text
FROM unnest($1::bpchar[]) AS asked (key1)
JOIN "bookings"."ticket" AS node1 ON node1."number" = asked.key1
JOIN "bookings"."booking" AS root ON root."ref" = node1."ref"

-- /0/routes/4
SELECT DISTINCT root."ref"::text
FROM unnest($1::bpchar[]) AS asked (key1)
JOIN "bookings"."flight" AS node2 ON node2."from" = asked.key1
JOIN "bookings"."ticket_flight" AS through2 ON through2."flight_id" = node2."id"
JOIN "bookings"."ticket" AS node1 ON node1."number" = through2."number"
JOIN "bookings"."booking" AS root ON root."ref" = node1."ref"

-- /0/routes/5
SELECT DISTINCT root."ref"::text
FROM unnest($1::bpchar[]) AS asked (key1)
JOIN "bookings"."flight" AS node2 ON node2."to" = asked.key1
JOIN "bookings"."ticket_flight" AS through2 ON through2."flight_id" = node2."id"
JOIN "bookings"."ticket" AS node1 ON node1."number" = through2."number"
JOIN "bookings"."booking" AS root ON root."ref" = node1."ref"

