INSERT INTO listed VALUES
  (1, '{1,2,3}', '{a,"b,c","d\"e",""}', '{1.50,NaN,12345678901234567890.5}', '{t,f,NULL}', '{2020-01-01,infinity}',
   '{2020-01-01 00:00+00}', ARRAY['{"a": 1}', 'null', '[1]']::jsonb[], '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{red,"light blue"}',
   '{0.5,NaN}', '{x,y}', '{"[1,2)",empty}'),
  (2, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
  (3, '{{1,2},{3,NULL}}', '{{a},{b}}', '{{1}}', '{{t}}', '{{2020-02-29}}', NULL, NULL, NULL, '{{red,red}}', NULL, '{{{a}}}', NULL),
  (4, '[2:3]={5,6}', '[0:1]={a,NULL}', NULL, NULL, NULL, NULL, NULL, NULL, '{NULL}', NULL, NULL, NULL);
INSERT INTO listed (id) VALUES (5);
INSERT INTO tagged SELECT n, n % 4 + 1, ARRAY['tag ' || n, NULL, 'größe'] FROM generate_series(1, 6) n;
