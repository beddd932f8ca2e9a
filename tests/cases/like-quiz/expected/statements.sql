-- /0/levels/1/rows
SELECT asked.ordinal,
  child."text"
FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."category" AS child ON child."id" = asked.key1 AND child."uid" = asked.key2

-- /0/levels/2/join
SELECT asked.ordinal,
  through."answer_id",
  through."answer_uid"
FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."possible_answer" AS through ON through."question_id" = asked.key1 AND through."question_uid" = asked.key2

-- /0/levels/2/rows
SELECT asked.ordinal,
  child."id",
  child."text"
FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."answer" AS child ON child."id" = asked.key1 AND child."uid" = asked.key2

-- /0/levels/3/join
SELECT asked.ordinal,
  through."answer_id",
  through."answer_uid"
FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."real_answer" AS through ON through."question_id" = asked.key1 AND through."question_uid" = asked.key2

-- /0/levels/3/rows
SELECT asked.ordinal,
  child."text"
FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
JOIN "public"."answer" AS child ON child."id" = asked.key1 AND child."uid" = asked.key2

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1, asked.key2,
  root."id" IS NOT NULL,
  root."id",
  root."uid",
  root."text",
  root."category_id",
  root."category_uid"
FROM unnest($1::integer[], $2::uuid[]) WITH ORDINALITY AS asked (key1, key2, ordinal)
LEFT JOIN "public"."question" AS root ON root."id" = asked.key1 AND root."uid" = asked.key2
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id",
  root."uid"
FROM "public"."question" AS root
ORDER BY root."id", root."uid"
OFFSET $1::bigint LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id",
  root."uid"
FROM "public"."question" AS root
WHERE (root."id", root."uid") > ($1::integer, $2::uuid)
ORDER BY root."id", root."uid"
OFFSET $3::bigint LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."question"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."uid",
  root."text",
  root."category_id",
  root."category_uid"
FROM "public"."question" AS root
WHERE (root."id", root."uid") > ($1::integer, $2::uuid)

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."uid",
  root."text",
  root."category_id",
  root."category_uid"
FROM "public"."question" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."uid",
  root."text",
  root."category_id",
  root."category_uid"
FROM "public"."question" AS root
WHERE (root."id", root."uid") > ($1::integer, $2::uuid) AND (root."id", root."uid") <= ($3::integer, $4::uuid)

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."uid",
  root."text",
  root."category_id",
  root."category_uid"
FROM "public"."question" AS root
WHERE (root."id", root."uid") <= ($1::integer, $2::uuid)

-- /0/routes/1
SELECT DISTINCT root."id"::text, root."uid"::text
FROM unnest($1::integer[], $2::uuid[]) AS asked (key1, key2)
JOIN "public"."question" AS root ON root."category_id" = asked.key1 AND root."category_uid" = asked.key2

-- /0/routes/2
SELECT DISTINCT root."id"::text, root."uid"::text
FROM unnest($1::integer[], $2::uuid[]) AS asked (key1, key2)
JOIN "public"."possible_answer" AS through2 ON through2."answer_id" = asked.key1 AND through2."answer_uid" = asked.key2
JOIN "public"."question" AS root ON root."id" = through2."question_id" AND root."uid" = through2."question_uid"

-- /0/routes/3
SELECT DISTINCT root."id"::text, root."uid"::text
FROM unnest($1::integer[], $2::uuid[]) AS asked (key1, key2)
JOIN "public"."question" AS root ON root."id" = asked.key1 AND root."uid" = asked.key2

-- /0/routes/4
SELECT DISTINCT root."id"::text, root."uid"::text
FROM unnest($1::integer[], $2::uuid[]) AS asked (key1, key2)
JOIN "public"."real_answer" AS through3 ON through3."answer_id" = asked.key1 AND through3."answer_uid" = asked.key2
JOIN "public"."question" AS root ON root."id" = through3."question_id" AND root."uid" = through3."question_uid"

-- /0/routes/5
SELECT DISTINCT root."id"::text, root."uid"::text
FROM unnest($1::integer[], $2::uuid[]) AS asked (key1, key2)
JOIN "public"."question" AS root ON root."id" = asked.key1 AND root."uid" = asked.key2

