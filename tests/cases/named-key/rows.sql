INSERT INTO reading SELECT 'station ' || n % 3, n, n + 0.25, 'note ' || n FROM generate_series(1, 9) n;
INSERT INTO alarm SELECT 'station ' || n % 3, n, n, 'alarm ' || n FROM generate_series(1, 6) n;
INSERT INTO alarm SELECT 'station ' || n % 3, n, 9 - n, 'second alarm ' || n FROM generate_series(1, 4) n;
ALTER TABLE reading ADD UNIQUE (hour, station);
CREATE UNIQUE INDEX ON alarm (level, station, hour);
