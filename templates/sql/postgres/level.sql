SELECT {{ columns|join(",\n  ") }}
FROM {{ asked }}
{%- if let Some(chosen) = chosen %}
CROSS JOIN LATERAL (
  SELECT {% if let Some(distinct) = chosen.distinct %}DISTINCT ON ({{ distinct }}) {% endif %}{{ chosen.columns|join(", ") }} FROM {{ joins[0].table }} AS {{ joins[0].alias }}
  {%- for join in joins[1..] %}
  JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
  {%- endfor %}
  WHERE {{ joins[0].on|join(" AND ") }}
  {%- if !chosen.order.is_empty() %}
  ORDER BY {{ chosen.order|join(", ") }}
  {%- endif %}
  {%- if let Some(rows) = chosen.rows %}
  LIMIT {{ rows }}
  {%- endif %}
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
{%- if !grouped.is_empty() %}
GROUP BY {{ grouped|join(", ") }}
{%- endif %}
{%- if !order.is_empty() %}
ORDER BY {{ order|join(", ") }}
{%- endif %}
