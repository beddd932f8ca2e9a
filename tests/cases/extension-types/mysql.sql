-- The same tables and rows for MySQL and MariaDB. What citext is there is a collation here, hstore is JSON, and isbn13 a text.
CREATE TABLE member (
  mail varchar(100) COLLATE utf8mb4_general_ci PRIMARY KEY,
  name varchar(100),
  attributes json,
  place varchar(100) COLLATE utf8mb4_general_ci,
  book varchar(17)
);
CREATE TABLE login (
  id int PRIMARY KEY,
  mail varchar(100) COLLATE utf8mb4_general_ci,
  place varchar(100) COLLATE utf8mb4_general_ci,
  FOREIGN KEY (mail) REFERENCES member (mail) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE area (place varchar(100) COLLATE utf8mb4_general_ci PRIMARY KEY, label varchar(100) COLLATE utf8mb4_general_ci);
INSERT INTO member VALUES
  ('Ann@example.org', 'Ann', '{"a": "1", "b c": null}', 'top.1', '978-0-306-40615-7'),
  ('bob@EXAMPLE.org', 'Bob', '{}', 'top.2', NULL),
  ('cy@example.org', NULL, NULL, NULL, '978-1-4028-9462-6');
INSERT INTO login VALUES (1, 'ann@example.org', 'top.1'), (2, 'ANN@EXAMPLE.ORG', 'top.9'), (3, 'BOB@example.org', 'top.2'), (4, NULL, NULL);
INSERT INTO area VALUES ('Top.9', 'Top'), ('TOP.1', 'One'), ('top.2', 'TWO');
