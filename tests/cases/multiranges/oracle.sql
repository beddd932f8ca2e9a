-- index: multiranges
SELECT during::text, (to_jsonb(r) || jsonb_build_object('bookings',
  (SELECT jsonb_agg(jsonb_build_object('days', b.days, 'label', b.label) ORDER BY b.id) FROM booking b WHERE b.during = r.during)))::text
FROM room r
