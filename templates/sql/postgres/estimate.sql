{% if partitioned -%}
WITH RECURSIVE member (oid) AS (
  SELECT {{ relation }}::regclass::oid
  UNION ALL
  SELECT inherits.inhrelid FROM member JOIN pg_inherits AS inherits ON inherits.inhparent = member.oid
)
SELECT coalesce(sum(greatest(class.reltuples, 0)), 0)::bigint
FROM member JOIN pg_class AS class ON class.oid = member.oid AND class.relkind <> 'p'
{%- else -%}
SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = {{ relation }}::regclass
{%- endif %}
