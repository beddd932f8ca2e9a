SELECT {{ asked.ordinal }},
  {{ asked_key|join(", ") }},
  {{ present }} IS NOT NULL AS present,
  {{ select|join(",\n  ") }}
FROM {{ asked.numbered }}
LEFT JOIN {{ root.table }} AS {{ root.alias }} ON {{ root.on|join(" AND ") }}
ORDER BY {{ asked.ordinal }}
