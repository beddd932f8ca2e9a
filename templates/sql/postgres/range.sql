SELECT {{ columns|join(", ") }}
FROM {{ table }} AS {{ alias }}
{%- if !bounds.is_empty() %}
WHERE {{ bounds|join(" AND ") }}
{%- endif %}
ORDER BY {{ order|join(", ") }}
{%- if let Some(rows) = nth %}
OFFSET {{ rows }} - 1 LIMIT 1
{%- endif %}
