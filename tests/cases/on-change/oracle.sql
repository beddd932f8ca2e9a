-- index: on_change
SELECT s.id::text, json_build_object('id', s.id, 'name', s.name,
  'items', (SELECT json_agg(json_build_object('shop_id', i.shop_id, 'kind',
              (SELECT json_build_object('name', k.name) FROM kind k WHERE k.id = i.kind_id)) ORDER BY i.id)
            FROM item i WHERE i.shop_id = s.id AND coalesce(i.removed, false) = false),
  'tags', (SELECT json_agg(t.id ORDER BY t.id) FROM shop_tag x JOIN tag t ON t.id = x.tag_id WHERE x.shop_id = s.id))::text
FROM shop s
