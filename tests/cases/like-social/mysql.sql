-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE "user" (
  id int PRIMARY KEY,
  name varchar(100),
  age int
);
CREATE TABLE post (
  id int PRIMARY KEY,
  title varchar(100),
  slug varchar(100)
);
CREATE TABLE comment (
  id int PRIMARY KEY,
  title varchar(100),
  content varchar(100)
);
CREATE TABLE tag (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE user_post (
  id int PRIMARY KEY,
  user_id int,
  post_id int,
  FOREIGN KEY (user_id) REFERENCES "user" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (post_id) REFERENCES post (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE post_comment (
  id int PRIMARY KEY,
  post_id int,
  comment_id int,
  FOREIGN KEY (post_id) REFERENCES post (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (comment_id) REFERENCES comment (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE user_tag (
  id int PRIMARY KEY,
  user_id int,
  tag_id int,
  FOREIGN KEY (user_id) REFERENCES "user" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES tag (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE comment_tag (
  comment_id int,
  tag_id int,
  PRIMARY KEY (tag_id, comment_id),
  FOREIGN KEY (comment_id) REFERENCES comment (id) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES tag (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO "user" WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'user ' || n, 20 + n FROM n;
INSERT INTO post WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'post ' || n, 'slug-' || n FROM n;
INSERT INTO comment WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'comment ' || n, 'content ' || n FROM n;
INSERT INTO tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, 'tag ' || n FROM n;
INSERT INTO user_post WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT n, n % 4 + 1, n * 3 % 5 + 1 FROM n;
INSERT INTO post_comment WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 8)
  SELECT n, n % 5 + 1, n * 5 % 6 + 1 FROM n;
INSERT INTO user_tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, n % 3 + 1, n % 4 + 1 FROM n;
INSERT INTO comment_tag WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT DISTINCT n % 6 + 1, n % 4 + 1 FROM n;
