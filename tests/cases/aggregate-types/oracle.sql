-- index: aggregate_types
SELECT p.id::text, json_build_object('name', p.name,
  'stats', (SELECT json_build_object('addresses', count(DISTINCT r.address::text), 'votes', sum(r.votes), 'price', sum(r.price),
      'share', sum(r.share), 'score', sum(r.score), 'mean_votes', avg(r.votes), 'mean_price', avg(r.price))
    FROM probe r WHERE r.place_id = p.id),
  'extremes', (SELECT json_build_object('price', max(r.price), 'score', min(r.score), 'code', min(r.code), 'at', max(r.at),
      'address', max(r.address), 'tags', max(r.tags)) FROM probe r WHERE r.place_id = p.id))::text
FROM place p
