-- index: like_airline
SELECT rpad(b.ref::text, 6), json_build_object('ref', b.ref, 'day', b.day, 'total', b.total, 'tickets',
  (SELECT json_agg(json_build_object('number', t.number, 'passenger', t.passenger, 'contact_phone', t.contact -> 'phone',
     'contact_email_0', t.contact -> 'email' -> 0, 'flights',
       (SELECT json_agg(json_build_object('number', f.number, 'departs', f.departs,
          'from', (SELECT json_build_object('code', a.code, 'name_en', a.name -> 'en') FROM bookings.airport a WHERE a.code = f."from"),
          'to', (SELECT a.place FROM bookings.airport a WHERE a.code = f."to")) ORDER BY f.id)
        FROM bookings.ticket_flight x JOIN bookings.flight f ON f.id = x.flight_id WHERE x.number = t.number)) ORDER BY t.number)
   FROM bookings.ticket t WHERE t.ref = b.ref))::text
FROM bookings.booking b
