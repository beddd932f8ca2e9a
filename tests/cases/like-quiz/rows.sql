INSERT INTO category SELECT n, ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'category ' || n FROM generate_series(1, 3) n;
INSERT INTO question SELECT n, ('00000000-0000-0000-0000-00000000001' || n)::uuid, c.id, c.uid, 'question ' || n
  FROM generate_series(1, 6) n JOIN category c ON c.id = n % 3 + 1;
INSERT INTO answer SELECT n, ('00000000-0000-0000-0000-00000000002' || n)::uuid, 'answer ' || n FROM generate_series(1, 7) n;
INSERT INTO possible_answer SELECT q.id, q.uid, a.id, a.uid FROM question q JOIN answer a ON (q.id + a.id) % 3 = 0;
INSERT INTO real_answer SELECT q.id, q.uid, a.id, a.uid FROM question q JOIN answer a ON a.id = q.id + 1 WHERE q.id < 6;
