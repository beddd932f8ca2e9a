SELECT asked.ordinal,
  {{ asked_key|join(", ") }},
  root.tableoid IS NOT NULL,
  {{ select|join(",\n  ") }}
FROM unnest({{ arrays|join(", ") }}) WITH ORDINALITY AS asked ({{ asked|join(", ") }}, ordinal)
LEFT JOIN {{ table }} AS root ON {{ on|join(" AND ") }}
ORDER BY asked.ordinal
