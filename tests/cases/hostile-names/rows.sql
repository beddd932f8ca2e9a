INSERT INTO "Group By"."select" SELECT n, 'Größe ' || n, 'q', '\', 'a "b" \ c', n / 4.0, '$', '{"☃": 1}', 'U', 'u', '1', '/* */', 'k' || n
  FROM generate_series(1, 5) n;
INSERT INTO "it's ""quoted"""."Über -- Table"
  SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, n % 5 + 1, 'k' || n % 5 + 1, 'fn ' || n, 'id' FROM generate_series(1, 8) n;
INSERT INTO "?" SELECT chr(64 + n), 'where ' || n FROM generate_series(1, 4) n;
INSERT INTO "Join" SELECT "crate", chr(65 + "In" % 4) FROM "it's ""quoted"""."Über -- Table";
