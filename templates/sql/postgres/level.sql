SELECT {{ columns|join(",\n  ") }}
FROM {{ asked }}
{%- for join in joins %}
JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
{%- endfor %}
{%- if !order.is_empty() %}
ORDER BY {{ order|join(", ") }}
{%- endif %}
