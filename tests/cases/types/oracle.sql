-- index: types
SELECT e.id::text, (to_jsonb(e) || jsonb_build_object('children',
  (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM typed_child c WHERE c.parent_id = e.id)))::text
FROM every_type e
