-- index: tenants_acme
SELECT b.id::text, jsonb_build_object('id', b.id, 'title', b.title,
  'author', (SELECT jsonb_build_object('name', a.name) FROM acme.author a WHERE a.id = b.author_id),
  'language', (SELECT l.name FROM language l WHERE l.code = b.language))::text
FROM acme.book b
-- index: tenants_tenant_1
SELECT b.id::text, jsonb_build_object('id', b.id, 'title', b.title,
  'author', (SELECT jsonb_build_object('name', a.name) FROM tenant_1.author a WHERE a.id = b.author_id),
  'language', (SELECT l.name FROM language l WHERE l.code = b.language))::text
FROM tenant_1.book b
-- index: tenants_tenant_2
SELECT b.id::text, jsonb_build_object('id', b.id, 'title', b.title,
  'author', (SELECT jsonb_build_object('name', a.name) FROM tenant_2.author a WHERE a.id = b.author_id),
  'language', (SELECT l.name FROM language l WHERE l.code = b.language))::text
FROM tenant_2.book b
