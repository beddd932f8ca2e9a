SELECT {{ columns|join(",\n  ") }}
FROM {{ table }} AS {{ alias }}
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= $1::bigint
  FROM pg_class WHERE oid = {{ relation }}::regclass
)
