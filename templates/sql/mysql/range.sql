SELECT {{ columns|join(",\n  ") }}
FROM {{ table }} AS {{ alias }}
{%- if !bounds.is_empty() %}
WHERE {{ bounds|join(" AND ") }}
{%- endif %}
{%- if !grouped.is_empty() %}
GROUP BY {{ grouped|join(", ") }}
{%- endif %}
{%- if !order.is_empty() %}
ORDER BY {{ order|join(", ") }}
{%- endif %}
{%- if let Some(rows) = skipped %}
LIMIT 1 OFFSET {{ rows }}
{%- endif %}
