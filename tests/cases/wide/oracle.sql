-- index: wide
SELECT id::text, to_jsonb(w)::text FROM wide w
