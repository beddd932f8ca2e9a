INSERT INTO language VALUES ('de', 'German'), ('en', NULL);
INSERT INTO acme.author SELECT n, 'acme author ' || n FROM generate_series(1, 3) n;
INSERT INTO acme.book SELECT n, 'acme book ' || n, n % 3 + 1, CASE WHEN n > 1 THEN 'de' END FROM generate_series(1, 4) n;
INSERT INTO tenant_1.author SELECT n, 'tenant_1 author ' || n FROM generate_series(1, 3) n;
INSERT INTO tenant_1.book SELECT n, 'tenant_1 book ' || n, n % 3 + 1, CASE WHEN n > 1 THEN 'de' END FROM generate_series(1, 4) n;
INSERT INTO tenant_2.author SELECT n, 'tenant_2 author ' || n FROM generate_series(1, 3) n;
INSERT INTO tenant_2.book SELECT n, 'i' || n, 'tenant_2 book ' || n, n % 3 + 1, CASE WHEN n > 1 THEN 'de' END FROM generate_series(1, 4) n;
