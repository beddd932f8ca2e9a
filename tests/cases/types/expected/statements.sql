-- /0/levels/1/order/reader/0/kind = "int4"

-- /0/levels/1/order/reader/0/position = 0

-- /0/levels/1/range/after
SELECT child."parent_id",
  child."id",
  child."parent_id",
  child."n",
  child."d",
  child."t",
  child."i",
  child."j",
  to_json(child."r")::text,
  child."b",
  child."f",
  to_json(child."g")::text
FROM "public"."typed_child" AS child
WHERE child."parent_id" > $1::integer

-- /0/levels/1/range/all
SELECT child."parent_id",
  child."id",
  child."parent_id",
  child."n",
  child."d",
  child."t",
  child."i",
  child."j",
  to_json(child."r")::text,
  child."b",
  child."f",
  to_json(child."g")::text
FROM "public"."typed_child" AS child
WHERE child."parent_id" IS NOT NULL

-- /0/levels/1/range/between
SELECT child."parent_id",
  child."id",
  child."parent_id",
  child."n",
  child."d",
  child."t",
  child."i",
  child."j",
  to_json(child."r")::text,
  child."b",
  child."f",
  to_json(child."g")::text
FROM "public"."typed_child" AS child
WHERE child."parent_id" > $1::integer AND child."parent_id" <= $2::integer

-- /0/levels/1/range/until
SELECT child."parent_id",
  child."id",
  child."parent_id",
  child."n",
  child."d",
  child."t",
  child."i",
  child."j",
  to_json(child."r")::text,
  child."b",
  child."f",
  to_json(child."g")::text
FROM "public"."typed_child" AS child
WHERE child."parent_id" <= $1::integer

-- /0/levels/1/rows
SELECT asked.ordinal,
  child."id",
  child."parent_id",
  child."n",
  child."d",
  child."t",
  child."i",
  child."j",
  to_json(child."r")::text,
  child."b",
  child."f",
  to_json(child."g")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
JOIN "public"."typed_child" AS child ON child."parent_id" = asked.key1

-- /0/roots_by_key
SELECT asked.ordinal,
  asked.key1,
  root.tableoid IS NOT NULL,
  root."id",
  root."a_boolean",
  root."a_smallint",
  root."a_integer",
  root."a_bigint",
  root."a_oid",
  root."a_real",
  root."a_double",
  root."a_numeric",
  root."a_scaled",
  to_json(root."a_money")::text,
  root."a_text",
  root."a_varchar",
  root."a_char",
  to_json(root."a_internal")::text,
  root."a_uuid",
  root."a_bytea",
  root."a_date",
  root."a_time",
  root."a_timetz",
  root."a_timestamp",
  root."a_timestamptz",
  root."a_interval",
  root."a_json",
  root."a_jsonb",
  to_json(root."a_inet")::text,
  to_json(root."a_cidr")::text,
  to_json(root."a_macaddr")::text,
  to_json(root."a_macaddr8")::text,
  to_json(root."a_bit")::text,
  to_json(root."a_varbit")::text,
  to_json(root."a_xml")::text,
  to_json(root."a_tsvector")::text,
  to_json(root."a_tsquery")::text,
  to_json(root."a_lsn")::text,
  to_json(root."a_point")::text,
  to_json(root."a_line")::text,
  to_json(root."a_lseg")::text,
  to_json(root."a_box")::text,
  to_json(root."a_path")::text,
  to_json(root."a_polygon")::text,
  to_json(root."a_circle")::text,
  to_json(root."a_int4range")::text,
  to_json(root."a_int8range")::text,
  to_json(root."a_numrange")::text,
  to_json(root."a_daterange")::text,
  to_json(root."a_tsrange")::text,
  to_json(root."a_tstzrange")::text,
  to_json(root."a_regclass")::text,
  to_json(root."a_snapshot")::text
FROM unnest($1::integer[]) WITH ORDINALITY AS asked (key1, ordinal)
LEFT JOIN "public"."every_type" AS root ON root."id" = asked.key1
ORDER BY asked.ordinal

-- /0/roots_by_range/cut_first
SELECT root."id"
FROM "public"."every_type" AS root
ORDER BY root."id"
OFFSET $1::bigint - 1 LIMIT 1

-- /0/roots_by_range/cut_next
SELECT root."id"
FROM "public"."every_type" AS root
WHERE root."id" > $1::integer
ORDER BY root."id"
OFFSET $2::bigint - 1 LIMIT 1

-- /0/roots_by_range/estimate
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"public"."every_type"'::regclass

-- /0/roots_by_range/rows/after
SELECT root."id",
  root."a_boolean",
  root."a_smallint",
  root."a_integer",
  root."a_bigint",
  root."a_oid",
  root."a_real",
  root."a_double",
  root."a_numeric",
  root."a_scaled",
  to_json(root."a_money")::text,
  root."a_text",
  root."a_varchar",
  root."a_char",
  to_json(root."a_internal")::text,
  root."a_uuid",
  root."a_bytea",
  root."a_date",
  root."a_time",
  root."a_timetz",
  root."a_timestamp",
  root."a_timestamptz",
  root."a_interval",
  root."a_json",
  root."a_jsonb",
  to_json(root."a_inet")::text,
  to_json(root."a_cidr")::text,
  to_json(root."a_macaddr")::text,
  to_json(root."a_macaddr8")::text,
  to_json(root."a_bit")::text,
  to_json(root."a_varbit")::text,
  to_json(root."a_xml")::text,
  to_json(root."a_tsvector")::text,
  to_json(root."a_tsquery")::text,
  to_json(root."a_lsn")::text,
  to_json(root."a_point")::text,
  to_json(root."a_line")::text,
  to_json(root."a_lseg")::text,
  to_json(root."a_box")::text,
  to_json(root."a_path")::text,
  to_json(root."a_polygon")::text,
  to_json(root."a_circle")::text,
  to_json(root."a_int4range")::text,
  to_json(root."a_int8range")::text,
  to_json(root."a_numrange")::text,
  to_json(root."a_daterange")::text,
  to_json(root."a_tsrange")::text,
  to_json(root."a_tstzrange")::text,
  to_json(root."a_regclass")::text,
  to_json(root."a_snapshot")::text
FROM "public"."every_type" AS root
WHERE root."id" > $1::integer

-- /0/roots_by_range/rows/all
SELECT root."id",
  root."a_boolean",
  root."a_smallint",
  root."a_integer",
  root."a_bigint",
  root."a_oid",
  root."a_real",
  root."a_double",
  root."a_numeric",
  root."a_scaled",
  to_json(root."a_money")::text,
  root."a_text",
  root."a_varchar",
  root."a_char",
  to_json(root."a_internal")::text,
  root."a_uuid",
  root."a_bytea",
  root."a_date",
  root."a_time",
  root."a_timetz",
  root."a_timestamp",
  root."a_timestamptz",
  root."a_interval",
  root."a_json",
  root."a_jsonb",
  to_json(root."a_inet")::text,
  to_json(root."a_cidr")::text,
  to_json(root."a_macaddr")::text,
  to_json(root."a_macaddr8")::text,
  to_json(root."a_bit")::text,
  to_json(root."a_varbit")::text,
  to_json(root."a_xml")::text,
  to_json(root."a_tsvector")::text,
  to_json(root."a_tsquery")::text,
  to_json(root."a_lsn")::text,
  to_json(root."a_point")::text,
  to_json(root."a_line")::text,
  to_json(root."a_lseg")::text,
  to_json(root."a_box")::text,
  to_json(root."a_path")::text,
  to_json(root."a_polygon")::text,
  to_json(root."a_circle")::text,
  to_json(root."a_int4range")::text,
  to_json(root."a_int8range")::text,
  to_json(root."a_numrange")::text,
  to_json(root."a_daterange")::text,
  to_json(root."a_tsrange")::text,
  to_json(root."a_tstzrange")::text,
  to_json(root."a_regclass")::text,
  to_json(root."a_snapshot")::text
FROM "public"."every_type" AS root

-- /0/roots_by_range/rows/between
SELECT root."id",
  root."a_boolean",
  root."a_smallint",
  root."a_integer",
  root."a_bigint",
  root."a_oid",
  root."a_real",
  root."a_double",
  root."a_numeric",
  root."a_scaled",
  to_json(root."a_money")::text,
  root."a_text",
  root."a_varchar",
  root."a_char",
  to_json(root."a_internal")::text,
  root."a_uuid",
  root."a_bytea",
  root."a_date",
  root."a_time",
  root."a_timetz",
  root."a_timestamp",
  root."a_timestamptz",
  root."a_interval",
  root."a_json",
  root."a_jsonb",
  to_json(root."a_inet")::text,
  to_json(root."a_cidr")::text,
  to_json(root."a_macaddr")::text,
  to_json(root."a_macaddr8")::text,
  to_json(root."a_bit")::text,
  to_json(root."a_varbit")::text,
  to_json(root."a_xml")::text,
  to_json(root."a_tsvector")::text,
  to_json(root."a_tsquery")::text,
  to_json(root."a_lsn")::text,
  to_json(root."a_point")::text,
  to_json(root."a_line")::text,
  to_json(root."a_lseg")::text,
  to_json(root."a_box")::text,
  to_json(root."a_path")::text,
  to_json(root."a_polygon")::text,
  to_json(root."a_circle")::text,
  to_json(root."a_int4range")::text,
  to_json(root."a_int8range")::text,
  to_json(root."a_numrange")::text,
  to_json(root."a_daterange")::text,
  to_json(root."a_tsrange")::text,
  to_json(root."a_tstzrange")::text,
  to_json(root."a_regclass")::text,
  to_json(root."a_snapshot")::text
FROM "public"."every_type" AS root
WHERE root."id" > $1::integer AND root."id" <= $2::integer

-- /0/roots_by_range/rows/until
SELECT root."id",
  root."a_boolean",
  root."a_smallint",
  root."a_integer",
  root."a_bigint",
  root."a_oid",
  root."a_real",
  root."a_double",
  root."a_numeric",
  root."a_scaled",
  to_json(root."a_money")::text,
  root."a_text",
  root."a_varchar",
  root."a_char",
  to_json(root."a_internal")::text,
  root."a_uuid",
  root."a_bytea",
  root."a_date",
  root."a_time",
  root."a_timetz",
  root."a_timestamp",
  root."a_timestamptz",
  root."a_interval",
  root."a_json",
  root."a_jsonb",
  to_json(root."a_inet")::text,
  to_json(root."a_cidr")::text,
  to_json(root."a_macaddr")::text,
  to_json(root."a_macaddr8")::text,
  to_json(root."a_bit")::text,
  to_json(root."a_varbit")::text,
  to_json(root."a_xml")::text,
  to_json(root."a_tsvector")::text,
  to_json(root."a_tsquery")::text,
  to_json(root."a_lsn")::text,
  to_json(root."a_point")::text,
  to_json(root."a_line")::text,
  to_json(root."a_lseg")::text,
  to_json(root."a_box")::text,
  to_json(root."a_path")::text,
  to_json(root."a_polygon")::text,
  to_json(root."a_circle")::text,
  to_json(root."a_int4range")::text,
  to_json(root."a_int8range")::text,
  to_json(root."a_numrange")::text,
  to_json(root."a_daterange")::text,
  to_json(root."a_tsrange")::text,
  to_json(root."a_tstzrange")::text,
  to_json(root."a_regclass")::text,
  to_json(root."a_snapshot")::text
FROM "public"."every_type" AS root
WHERE root."id" <= $1::integer

-- /0/routes/1
SELECT DISTINCT root."id"::text
FROM unnest($1::integer[]) AS asked (key1)
JOIN "public"."every_type" AS root ON root."id" = asked.key1

