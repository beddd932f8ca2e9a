INSERT INTO product SELECT n, 'sku-' || n, 'name ' || n, n * 1.25 FROM generate_series(1, 5) n;
INSERT INTO variant SELECT n, n % 5 + 1, 'sku-' || n || '-v', n + 0.5 FROM generate_series(1, 8) n;
