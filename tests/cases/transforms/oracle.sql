-- index: transforms
SELECT p.id::text, json_build_object(
  'id', p.id, 'price', p.price, 'sold', p.sold,
  'label', l.label, 'title', concat_ws('', l.label, nullif(p.id, 0)::text),
  'words', CASE WHEN array_ndims(p.words) > 1 THEN to_json(p.words)
    ELSE (SELECT coalesce(json_agg(replace(w, 'o', '0') ORDER BY o), '[]') FROM unnest(p.words) WITH ORDINALITY u (w, o) WHERE p.words IS NOT NULL HAVING p.words IS NOT NULL) END,
  'facts', CASE jsonb_typeof(p.facts)
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(told(e) ORDER BY o), '[]') FROM jsonb_array_elements(p.facts) WITH ORDINALITY a (e, o))
    ELSE told(p.facts) END,
  'maker', (SELECT json_build_object('name', m.name, 'city', m.town, 'founded', m.founded,
      'about', concat_ws(', ', nullif(m.name, ''), m.founded::text)) FROM maker m WHERE m.id = p.maker_id),
  'parts', (SELECT json_agg(json_build_object('c', replace(a.code, '1', 'one'), 'weight', a.weight,
      'both', concat_ws(':', nullif(replace(a.code, '1', 'one'), ''), nullif(a.weight, 0)::text)) ORDER BY a.id)
    FROM part a WHERE a.product_id = p.id),
  'tags', (SELECT json_agg(replace(t.word, 'e', '3') ORDER BY t.id) FROM tag t WHERE t.product_id = p.id))::text
FROM product p
CROSS JOIN LATERAL (
  SELECT concat_ws('-', nullif(replace(replace(p.name, 'a', 'A'), 'A', 'aa'), ''), 'x', nullif(p.price, 0)::text,
    CASE WHEN p.sold THEN 'True' END) AS label
) l
