INSERT INTO basket (owner) SELECT 'owner ' || n FROM generate_series(1, 5) n;
INSERT INTO basket DEFAULT VALUES;
INSERT INTO item (basket_id, name) SELECT n % 5 + 1, 'item ' || n FROM generate_series(1, 9) n;
