-- index: through_unequal_seat
SELECT replace(replace(s.hall, '\', '\\'), '|', '\|') || '|' || s.number, json_build_object('colour', s.colour,
  'guests', (SELECT json_agg(json_build_object('name', g.name) ORDER BY g.id, t.id)
             FROM ticket t JOIN guest g ON g.id = t.guest_id WHERE (t.hall, t.number) = (s.hall, s.number)),
  'prices', (SELECT json_agg(p.amount ORDER BY p.id)
             FROM seat_price x JOIN price p ON p.id = x.price WHERE (x.in_hall, x.seat) = (s.hall, s.number)))::text
FROM seat s
-- index: through_unequal_price
SELECT p.id::text, json_build_object('id', p.id, 'amount', p.amount, 'seats',
  (SELECT json_agg(json_build_object('hall', s.hall, 'number', s.number, 'guests',
     (SELECT json_agg(g.id ORDER BY g.id, t.id) FROM ticket t JOIN guest g ON g.id = t.guest_id
      WHERE (t.hall, t.number) = (s.hall, s.number))) ORDER BY s.hall, s.number)
   FROM seat_price x JOIN seat s ON (s.hall, s.number) = (x.in_hall, x.seat) WHERE x.price = p.id))::text
FROM price p
