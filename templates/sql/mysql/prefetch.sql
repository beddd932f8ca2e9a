SELECT {{ columns|join(",\n  ") }}
FROM {{ table }} AS {{ alias }}
WHERE (
  SELECT coalesce(data_length + index_length, 0) <= {{ most }}
  FROM information_schema.tables WHERE table_schema = {{ schema }} AND table_name = {{ name }}
)
{%- if let Some(filter) = filter %}
AND {{ filter }}
{%- endif %}
