-- index: ltree
SELECT c.path::text, json_build_object('path', c.path, 'label', c.label,
  'products', (SELECT json_agg(json_build_object('name', p.name, 'others', p.others) ORDER BY p.id)
               FROM filed f JOIN product p ON p.id = f.product_id WHERE f.path OPERATOR(ext.=) c.path),
  'notes', (SELECT json_agg(n.text ORDER BY n.id) FROM note n WHERE n.path OPERATOR(ext.=) c.path))::text
FROM category c
