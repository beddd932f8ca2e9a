-- index: keys_uuid
SELECT k::text, json_build_object('k', k, 'v', v, 'of', (SELECT json_agg(o.id ORDER BY o.id) FROM of_uuid o WHERE o.k = b.k))::text FROM by_uuid b
-- index: keys_date
SELECT k::text, json_build_object('k', k, 'v', v, 'of', (SELECT json_agg(o.id ORDER BY o.id) FROM of_date o WHERE o.k = b.k))::text FROM by_date b
-- index: keys_numeric
SELECT k::text, json_build_object('k', k, 'v', v, 'of',
  (SELECT json_agg(json_build_object('id', o.id, 'k', o.k) ORDER BY o.id) FROM of_numeric o WHERE o.k = b.k))::text FROM by_numeric b
-- index: keys_moment
SELECT CASE WHEN b THEN 'True' ELSE 'False' END || '|' || to_char(k, 'YYYY-MM-DD HH24:MI:SS')
    || CASE WHEN to_char(k, 'US') = '000000' THEN '' ELSE to_char(k, '.US') END || '+00:00',
  json_build_object('k', k, 'b', b, 'v', v, 'of', (SELECT json_agg(o.id ORDER BY o.id) FROM of_moment o WHERE (o.at, o.b) = (m.k, m.b)))::text
FROM by_moment m
-- index: keys_character
SELECT id::text, json_build_object('id', id, 'k', k, 'c', c, 'of',
  (SELECT json_build_object('k', b.k, 'v', b.v) FROM by_character b WHERE b.k = o.c))::text FROM of_character o
-- index: keys_bytea
SELECT 'b' || quote || (SELECT coalesce(string_agg(CASE
      WHEN n = 92 THEN '\\' WHEN n = 9 THEN '\t' WHEN n = 10 THEN '\n' WHEN n = 13 THEN '\r'
      WHEN chr(nullif(n, 0)) = quote THEN '\' || quote
      WHEN n BETWEEN 32 AND 126 THEN chr(n)
      ELSE '\x' || lpad(to_hex(n), 2, '0') END, '' ORDER BY at), '')
    FROM (SELECT get_byte(k, at) AS n, at FROM generate_series(0, length(k) - 1) at) bytes) || quote,
  json_build_object('v', v, 'of', (SELECT json_agg(o.id ORDER BY o.id) FROM of_bytea o WHERE o.k = b.k))::text
FROM by_bytea b, LATERAL (SELECT CASE WHEN position('\x27'::bytea IN k) > 0 AND position('\x22'::bytea IN k) = 0
  THEN '"' ELSE '''' END AS quote) q
-- index: keys_small
SELECT id::text, json_build_object('id', id, 'k', k, 'of', (SELECT v FROM by_small b WHERE b.k = o.k))::text FROM of_small o
-- index: keys_float
SELECT CASE k WHEN 'NaN' THEN 'nan' WHEN 'Infinity' THEN 'inf' ELSE k::text || CASE WHEN k = trunc(k) THEN '.0' ELSE '' END END,
  json_build_object('k', to_json(k), 'v', v, 'of', (SELECT json_agg(o.id ORDER BY o.id) FROM of_float o WHERE o.k = b.k))::text FROM by_float b
-- index: keys_interval
SELECT k::text, json_build_object('k', k, 'v', v, 'of',
  (SELECT json_agg(json_build_object('id', o.id, 'k', o.k) ORDER BY o.id) FROM of_interval o WHERE o.k = b.k))::text FROM by_interval b
-- index: keys_list
SELECT '[' || array_to_string(k, ', ', 'None') || ']', json_build_object('k', k, 'v', v)::text FROM by_list
