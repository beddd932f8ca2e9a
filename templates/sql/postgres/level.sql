SELECT {{ columns|join(",\n  ") }}
FROM {{ asked }}
{%- for join in joins %}
{%- if join.looked_up %}
CROSS JOIN LATERAL (
  SELECT * FROM {{ join.table }} AS {{ join.alias }} WHERE {{ join.on|join(" AND ") }} OFFSET 0
) AS {{ join.alias }}
{%- else %}
JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
{%- endif %}
{%- endfor %}
{%- if !order.is_empty() %}
ORDER BY {{ order|join(", ") }}
{%- endif %}
