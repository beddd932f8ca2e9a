INSERT INTO wide (id, column_1, column_2, column_5, column_120) SELECT n, n, n, 'text ' || n, 'last ' || n FROM generate_series(1, 4) n;
