-- index: extension_types
SELECT m.mail::text, json_build_object('mail', m.mail, 'name', m.name, 'attributes', to_json(m.attributes), 'place', m.place, 'book', m.book,
  'logins', (SELECT json_agg(json_build_object('id', l.id, 'mail', l.mail, 'area',
               (SELECT a.label FROM area a WHERE a.place OPERATOR(ext.=) l.place)) ORDER BY l.id)
             FROM login l WHERE l.mail OPERATOR(ext.=) m.mail))::text
FROM member m
