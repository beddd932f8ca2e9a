-- index: composite_key
SELECT replace(replace(c.code, '\', '\\'), '|', '\|') || '|' || c.number || '|' || c.year,
  json_build_object('title', c.title, 'lessons',
    (SELECT json_agg(json_build_object('topic', l.topic, 'marks',
       (SELECT json_agg(m.points ORDER BY m.id) FROM mark m
        WHERE (m.of_year, m.of_code, m.of_number, m.of_part) = (l.year, l.code, l.number, l.part)))
       ORDER BY l.code, l.number, l.part, l.year)
     FROM lesson l WHERE (l.year, l.code, l.number) = (c.year, c.code, c.number)))::text
FROM course c
