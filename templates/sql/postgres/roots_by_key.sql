SELECT {{ asked.ordinal }},
  {{ asked_key|join(", ") }},
  {{ present }} IS NOT NULL,
  {{ select|join(",\n  ") }}
FROM {{ asked.numbered }}
{%- if root.looked_up %}
LEFT JOIN LATERAL (
  SELECT * FROM {{ root.table }} AS {{ root.alias }} WHERE {{ root.on|join(" AND ") }} OFFSET 0
) AS {{ root.alias }} ON true
{%- else %}
LEFT JOIN {{ root.table }} AS {{ root.alias }} ON {{ root.on|join(" AND ") }}
{%- endif %}
ORDER BY {{ asked.ordinal }}
