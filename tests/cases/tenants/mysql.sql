-- The same tables and rows for MySQL and MariaDB, where a schema is a database.
CREATE DATABASE IF NOT EXISTS public CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE public.language (code varchar(10) PRIMARY KEY, name varchar(100));
CREATE DATABASE IF NOT EXISTS acme CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE acme.author (id int PRIMARY KEY, name varchar(100));
CREATE TABLE acme.book (
  id int PRIMARY KEY,
  title varchar(100),
  author_id int,
  language varchar(10),
  FOREIGN KEY (author_id) REFERENCES acme.author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (language) REFERENCES public.language (code) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE DATABASE IF NOT EXISTS tenant_1 CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE tenant_1.author (id int PRIMARY KEY, name varchar(100));
CREATE TABLE tenant_1.book (
  id int PRIMARY KEY,
  title varchar(100),
  author_id int,
  language varchar(10),
  FOREIGN KEY (author_id) REFERENCES tenant_1.author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (language) REFERENCES public.language (code) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
CREATE DATABASE IF NOT EXISTS tenant_2 CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE tenant_2.author (id int PRIMARY KEY, name varchar(100));
CREATE TABLE tenant_2.book (
  id bigint PRIMARY KEY,
  isbn varchar(100),
  title varchar(100),
  author_id int,
  language varchar(10),
  FOREIGN KEY (author_id) REFERENCES tenant_2.author (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY (language) REFERENCES public.language (code) /*!90600 ON UPDATE CASCADE ON DELETE SET NULL */
);
INSERT INTO public.language VALUES ('de', 'German'), ('en', NULL);
INSERT INTO acme.author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'acme author ' || n FROM n;
INSERT INTO acme.book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'acme book ' || n, n % 3 + 1, CASE WHEN n > 1 THEN 'de' END FROM n;
INSERT INTO tenant_1.author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'tenant_1 author ' || n FROM n;
INSERT INTO tenant_1.book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'tenant_1 book ' || n, n % 3 + 1, CASE WHEN n > 1 THEN 'de' END FROM n;
INSERT INTO tenant_2.author WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, 'tenant_2 author ' || n FROM n;
INSERT INTO tenant_2.book WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'i' || n, 'tenant_2 book ' || n, n % 3 + 1, CASE WHEN n > 1 THEN 'de' END FROM n;
