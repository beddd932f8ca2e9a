-- index: like_rental
SELECT c.id::text, json_build_object('id', c.id, 'name', c.name,
  'city', (SELECT json_build_object('city', t.city, 'country', (SELECT n.country FROM country n WHERE n.id = t.country_id)) FROM city t WHERE t.id = c.city_id),
  'rented', (SELECT json_agg(json_build_object('id', i.id,
      'film', (SELECT json_build_object('title', f.title, 'minutes', f.minutes,
         'actors', (SELECT json_agg(json_build_object('name', a.name) ORDER BY a.id) FROM film_actor x JOIN actor a ON a.id = x.actor_id WHERE x.film_id = f.id),
         'categories', (SELECT json_agg(g.name ORDER BY g.id) FROM film_category x JOIN category g ON g.id = x.category_id WHERE x.film_id = f.id))
       FROM film f WHERE f.id = i.film_id),
      'store', (SELECT json_build_object('phone', s.phone, 'city',
         (SELECT json_build_object('city', t.city, 'country', (SELECT n.country FROM country n WHERE n.id = t.country_id)) FROM city t WHERE t.id = s.city_id))
       FROM store s WHERE s.id = i.store_id)) ORDER BY i.id, r.id)
    FROM rental r JOIN inventory i ON i.id = r.inventory_id WHERE r.customer_id = c.id))::text
FROM customer c
