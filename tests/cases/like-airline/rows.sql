INSERT INTO bookings.airport SELECT 'A' || lpad(n::text, 2, '0'), json_build_object('en', 'airport ' || n, 'de', 'Flughafen ' || n), point(n, -n)
  FROM generate_series(1, 4) n;
INSERT INTO bookings.flight SELECT n, 'PG' || lpad(n::text, 4, '0'), timestamptz '2017-07-16 10:00+00' + n * interval '3 hours',
  'A0' || n % 4 + 1, 'A0' || n * 3 % 4 + 1 FROM generate_series(1, 6) n;
INSERT INTO bookings.booking SELECT 'REF' || lpad(n::text, 3, '0'), date '2017-07-01' + n, n * 1000.50 FROM generate_series(1, 5) n;
INSERT INTO bookings.ticket SELECT lpad(n::text, 13, '0'), 'REF00' || n % 5 + 1, 'passenger ' || n,
  CASE WHEN n % 3 > 0 THEN json_build_object('phone', '+7' || n, 'email', json_build_array('a' || n, 'b')) END FROM generate_series(1, 7) n;
INSERT INTO bookings.ticket_flight SELECT DISTINCT lpad((n % 7 + 1)::text, 13, '0'), n * 5 % 6 + 1, 'economy' FROM generate_series(1, 12) n;
