-- index: mappings
SELECT a.id::text, json_build_object('id', a.id, 'title', a.title, 'tags', a.tags, 'day', a.day)::text FROM article a
-- index: mappings_by_templates
SELECT a.id::text, json_build_object('id', a.id, 'title', a.title, 'tags', a.tags, 'day', a.day)::text FROM article a
