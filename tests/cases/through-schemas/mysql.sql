-- The same tables and rows for MySQL and MariaDB, where a schema is a database.
CREATE DATABASE IF NOT EXISTS public CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS people CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS joins CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE public.book (id int PRIMARY KEY, title varchar(100));
CREATE TABLE people.author (id int PRIMARY KEY, name varchar(100));
CREATE TABLE joins.book_author (
  id int PRIMARY KEY,
  book_id int,
  author_id int,
  FOREIGN KEY (book_id) REFERENCES public.book (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (author_id) REFERENCES people.author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO public.book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'book ' || n FROM n;
INSERT INTO people.author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'author ' || n FROM n;
INSERT INTO joins.book_author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT n, n % 5 + 1, n * 3 % 5 + 1 FROM n;
