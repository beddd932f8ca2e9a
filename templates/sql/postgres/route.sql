SELECT DISTINCT {{ columns|join(", ") }}
FROM unnest({{ arrays|join(", ") }}) AS asked ({{ asked|join(", ") }})
{%- for join in joins %}
JOIN {{ join.table }} AS {{ join.alias }} ON {{ join.on|join(" AND ") }}
{%- endfor %}
