INSERT INTO article SELECT n, 'title ' || n, json_build_object('k', n)::jsonb, date '2021-01-01' + n FROM generate_series(1, 5) n;
