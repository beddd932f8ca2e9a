{% if let Some(rows) = nth -%}
SELECT {% for column in columns %}{% if !loop.first %}, {% endif %}cut.key{{ loop.index }}{% endfor %}
FROM (
  SELECT cut.*, ROW_NUMBER() OVER (ORDER BY {% for column in order %}{% if !loop.first %}, {% endif %}cut.order{{ loop.index }}{% endfor %}) AS place
  FROM (
    SELECT {% for column in columns %}{{ column }} AS key{{ loop.index }}, {% endfor %}{% for column in order %}{% if !loop.first %}, {% endif %}{{ column }} AS order{{ loop.index }}{% endfor %}
    FROM {{ table }} AS {{ alias }}
    {%- if !bounds.is_empty() %}
    WHERE {{ bounds|join(" AND ") }}
    {%- endif %}
    ORDER BY {{ order|join(", ") }}
    LIMIT {{ rows }}
  ) AS cut
) AS cut
WHERE cut.place = {{ rows }}
{%- else -%}
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
{%- endif %}
