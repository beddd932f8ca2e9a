-- Means have 16 digits behind the point on MySQL and MariaDB, whatever their size (docs/mysql.md).
-- index: aggregate_product
SELECT p.id::text, json_build_object('name', p.name,
  'stats', (SELECT json_build_object('reviews', count(*), 'noted', count(r.note), 'raters', count(DISTINCT r.user_id),
      'handles', count(DISTINCT lower(r.handle::text)), 'rated', count(*) > 0, 'stars', sum(r.stars), 'votes', sum(r.votes),
      'price', sum(r.price), 'share', sum(r.share), 'score', sum(r.score), 'mean_stars', round(sum(r.stars)::numeric(60, 20) / nullif(count(r.stars), 0), 16),
      'mean_votes', round(sum(r.votes)::numeric(60, 20) / nullif(count(r.votes), 0), 16), 'mean_price', round(sum(r.price)::numeric(60, 20) / nullif(count(r.price), 0), 16))
    FROM review r WHERE r.product_id = p.id),
  'extremes', (SELECT json_build_object('stars', max(r.stars), 'votes', min(r.votes), 'price', max(r.price), 'score', min(r.score),
      'note', max(r.note), 'handle', (SELECT x.handle FROM review x WHERE x.product_id = p.id
        ORDER BY x.handle USING OPERATOR(ext.<) LIMIT 1),
      'feeling', max(r.feeling), 'day', min(r.day), 'at', max(r.at), 'wait', min(r.wait))
    FROM review r WHERE r.product_id = p.id),
  'good', (SELECT json_build_object('count', count(*), 'mean', round(sum(r.stars)::numeric(60, 20) / nullif(count(r.stars), 0), 16)) FROM review r
    WHERE r.product_id = p.id AND r.stars >= 4 AND NOT r.hidden),
  'labels', (SELECT json_build_object('count', count(l.id), 'names', count(DISTINCT l.name), 'level', max(l.level))
    FROM product_label x JOIN label l ON l.id = x.label_id WHERE x.product_id = p.id),
  'made', (SELECT json_build_object('known', count(*) = 1, 'name', min(m.name)) FROM maker m WHERE m.id = p.maker_id),
  'maker', (SELECT json_build_object('name', m.name, 'range',
      (SELECT json_build_object('products', count(*), 'last', max(o.name)) FROM product o WHERE o.maker_id = m.id))
    FROM maker m WHERE m.id = p.maker_id))::text
FROM product p
-- index: aggregate_maker
SELECT m.id::text, json_build_object('name', m.name,
  'products', (SELECT json_agg(json_build_object('name', p.name,
      'stats', (SELECT json_build_object('count', count(*), 'best', max(r.stars)) FROM review r WHERE r.product_id = p.id),
      'labels', (SELECT json_build_object('any', count(*) > 0, 'level', sum(l.level))
        FROM product_label x JOIN label l ON l.id = x.label_id WHERE x.product_id = p.id AND l.level > 1)) ORDER BY p.id)
    FROM product p WHERE p.maker_id = m.id),
  '_meta', CASE WHEN EXISTS (SELECT 1 FROM product p WHERE p.maker_id = m.id) THEN
      json_build_object('maker', json_build_object('id', json_build_array(m.id::text)),
        'product', json_build_object('id', (SELECT json_agg(p.id ORDER BY p.id) FROM product p WHERE p.maker_id = m.id)))
    ELSE json_build_object('maker', json_build_object('id', json_build_array(m.id::text))) END)::text
FROM maker m
