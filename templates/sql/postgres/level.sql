SELECT {{ columns|join(",\n  ") }}
FROM {{ asked }}
{%- if let Some(limit) = limit %}
CROSS JOIN LATERAL (
  SELECT {{ limit.columns|join(", ") }} FROM {{ joins[0].table }} AS {{ joins[0].alias }}
  {%- for join in joins[1..] %}
  JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
  {%- endfor %}
  WHERE {{ joins[0].on|join(" AND ") }}
  {%- if !limit.order.is_empty() %}
  ORDER BY {{ limit.order|join(", ") }}
  {%- endif %}
  LIMIT {{ limit.rows }}
) AS child
{%- else %}
{%- for join in joins %}
{%- if join.looked_up %}
CROSS JOIN LATERAL (
  SELECT * FROM {{ join.table }} AS {{ join.alias }} WHERE {{ join.on|join(" AND ") }} OFFSET 0
) AS {{ join.alias }}
{%- else %}
JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
{%- endif %}
{%- endfor %}
{%- endif %}
{%- if !order.is_empty() %}
ORDER BY {{ order|join(", ") }}
{%- endif %}
