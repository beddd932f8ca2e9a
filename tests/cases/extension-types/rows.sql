INSERT INTO member VALUES
  ('Ann@example.org', 'Ann', 'a=>1, "b c"=>NULL', 'top.1', '978-0-306-40615-7'),
  ('bob@EXAMPLE.org', 'Bob', '', 'top.2', NULL),
  ('cy@example.org', NULL, NULL, NULL, '978-1-4028-9462-6');
INSERT INTO login VALUES (1, 'ann@example.org', 'top.1'), (2, 'ANN@EXAMPLE.ORG', 'top.9'), (3, 'BOB@example.org', 'top.2'), (4, NULL, NULL);
INSERT INTO area VALUES ('Top.9', 'Top'), ('TOP.1', 'One'), ('top.2', 'TWO');
