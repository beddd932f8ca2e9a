-- MySQL and MariaDB take a value that is no array for an array of one, and a number in `#>` for a place in an array always.
-- index: json_paths
SELECT p.id::text, json_build_object('id', p.id, 'a', p.doc -> 'a', 'first', x0 -> 'y',
  'doc_d,e,f_4', p.doc #> '{d,e,f}' -> 4, 'doc_d,e', p.doc #> '{d,e}', 'doc_with space', p.doc -> 'with space',
  'raw_a', p.raw -> 'a', 'raw_l_2', p.raw -> 'l' -> 2, 'raw_l,0', l0,
  'doc_t', p.doc ->> 't', 'doc_x_1', p.doc -> 'x' ->> 1, 'doc_d,t', p.doc #>> '{d,t}', 'raw_t', p.raw ->> 't', 'raw_l_1', p.raw #> '{l}' ->> 1,
  'parts', (SELECT json_agg(json_build_object('doc_name', q.doc -> 'name', 'doc_size_0',
              CASE jsonb_typeof(q.doc -> 'size') WHEN 'array' THEN q.doc -> 'size' -> 0 ELSE q.doc -> 'size' END) ORDER BY q.id)
            FROM part q WHERE q.page_id = p.id))::text
FROM page p
CROSS JOIN LATERAL (SELECT
  CASE jsonb_typeof(p.doc -> 'x') WHEN 'array' THEN p.doc -> 'x' -> 0 ELSE p.doc -> 'x' END,
  CASE json_typeof(p.raw -> 'l') WHEN 'array' THEN p.raw -> 'l' -> 0 ELSE p.raw -> 'l' END) firsts (x0, l0)
