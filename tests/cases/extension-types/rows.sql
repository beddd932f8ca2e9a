INSERT INTO member VALUES
  ('Ann@example.org', 'Ann', 'a=>1, "b c"=>NULL', 'top.one', '978-0-306-40615-7'),
  ('bob@EXAMPLE.org', 'Bob', '', 'top.two', NULL),
  ('cy@example.org', NULL, NULL, NULL, '978-1-4028-9462-6');
INSERT INTO login VALUES (1, 'ann@example.org', 'top.one'), (2, 'ANN@EXAMPLE.ORG', 'top'), (3, 'BOB@example.org', 'top.two'), (4, NULL, NULL);
INSERT INTO area VALUES ('top', 'Top'), ('top.one', 'One'), ('top.two', 'TWO');
