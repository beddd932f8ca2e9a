-- index: where_shop
SELECT s.id::text, json_build_object('id', s.id, 'name', s.name,
  'items', (SELECT json_agg(json_build_object('id', i.id, 'name', i.name,
      'tags', (SELECT json_agg(t.name ORDER BY t.id) FROM item_tag x JOIN tag t ON t.id = x.tag_id
               WHERE x.item_id = i.id AND (left(t.level::text, 1) = '1' OR t.level = 2)),
      'notes', (SELECT json_agg(n.body ORDER BY n.id) FROM note n WHERE n.item_id = i.id AND n.body IS NOT NULL)) ORDER BY i.id)
    FROM item i WHERE i.shop_id = s.id AND (i.kind = 'kind 0' OR i.kind = 'kind 1')
      AND coalesce(i.doc ->> 'state', '') <> 'hidden' AND i.removed IS NOT TRUE))::text
FROM shop s WHERE s."deletedAt" IS NULL
-- index: where_item
SELECT i.id::text, json_build_object('id', i.id, 'name', i.name,
  'shop', (SELECT json_build_object('name', s.name) FROM shop s WHERE s.id = i.shop_id AND s."deletedAt" IS NULL))::text
FROM item i WHERE i.removed IS TRUE
