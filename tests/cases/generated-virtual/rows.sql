INSERT INTO parcel (id, width, height, name) SELECT n, n, n + 1, 'parcel ' || n FROM generate_series(1, 5) n;
INSERT INTO fence (id, parcel_id, posts) SELECT n, n % 5 + 1, n * 2 FROM generate_series(1, 8) n;
