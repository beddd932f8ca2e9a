-- index: dynamic_templates
SELECT p.id::text, json_build_object('id', p.id, 'sku_code', p.sku_code, 'name', p.name, 'price', p.price, 'variants',
  (SELECT json_agg(json_build_object('sku_code', v.sku_code, 'size', v.size) ORDER BY v.id) FROM variant v WHERE v.product_id = p.id))::text
FROM product p
