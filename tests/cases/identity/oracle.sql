-- index: identity
SELECT b.id::text, json_build_object('id', b.id, 'made', b.made, 'owner', b.owner, 'items',
  (SELECT json_agg(json_build_object('serial', i.serial, 'name', i.name, 'number', i.number) ORDER BY i.number)
   FROM item i WHERE i.basket_id = b.id))::text
FROM basket b
