{% if let Some(chosen) = chosen -%}
SELECT child.`pgsync ordinal`,
  {{ columns[1..]|join(",\n  ") }}
FROM (
  SELECT {{ asked.ordinal }} AS `pgsync ordinal`, {{ chosen.columns|join(", ") }}
  {%- if let Some(distinct) = chosen.distinct -%}
  , ROW_NUMBER() OVER (PARTITION BY asked.ordinal, {{ distinct }} ORDER BY {{ chosen.order|join(", ") }}) AS `pgsync first`
  , DENSE_RANK() OVER (PARTITION BY asked.ordinal ORDER BY {{ chosen.order[0] }}) AS `pgsync place`
  {%- else -%}
  , ROW_NUMBER() OVER (PARTITION BY asked.ordinal{% if !chosen.order.is_empty() %} ORDER BY {{ chosen.order|join(", ") }}{% endif %}) AS `pgsync place`
  {%- endif %}
  FROM {{ asked.numbered }}
  {%- for join in joins %}
  JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
  {%- endfor %}
) AS child
WHERE {% if chosen.distinct.is_some() %}child.`pgsync first` = 1{% if chosen.rows.is_some() %} AND {% endif %}{% endif %}
{%- if let Some(rows) = chosen.rows %}child.`pgsync place` <= {{ rows }}{% endif %}
{%- if !order.is_empty() %}
ORDER BY child.`pgsync ordinal`, {{ order[1..]|join(", ") }}
{%- endif %}
{%- else -%}
SELECT {{ columns|join(",\n  ") }}
FROM {{ asked.numbered }}
{%- for join in joins %}
JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
{%- endfor %}
{%- if !grouped.is_empty() %}
GROUP BY {{ grouped|join(", ") }}
{%- endif %}
{%- if !order.is_empty() %}
ORDER BY {{ order|join(", ") }}
{%- endif %}
{%- endif %}
