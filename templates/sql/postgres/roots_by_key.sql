SELECT {{ asked.ordinal }},
  {{ asked_key|join(", ") }},
  root.tableoid IS NOT NULL,
  {{ select|join(",\n  ") }}
FROM {{ asked.numbered }}
LEFT JOIN {{ table }} AS root ON {{ on|join(" AND ") }}
ORDER BY {{ asked.ordinal }}
