-- index: arrays
SELECT l.id::text, (to_jsonb(l) || jsonb_build_object('tags',
  (SELECT jsonb_agg(t.tags ORDER BY t.id) FROM tagged t WHERE t.listed_id = l.id)))::text
FROM listed l
