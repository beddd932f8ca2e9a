SELECT DISTINCT {{ columns|join(", ") }}
FROM {{ asked.plain }}
{%- for join in joins %}
JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
{%- endfor %}
