SELECT {{ columns|join(",\n  ") }}
FROM {{ table }} AS {{ alias }}
WHERE (
  SELECT relkind = 'r' AND NOT relhassubclass AND pg_table_size(oid) <= {{ most }}
  FROM pg_class WHERE oid = {{ relation }}::regclass
)
{%- if let Some(filter) = filter %}
AND {{ filter }}
{%- endif %}
