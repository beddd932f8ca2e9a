-- Join tables under join tables, tags as values, and a table whose name is a reserved word.
-- features: 26, 27, 28
CREATE TABLE "user" (id integer PRIMARY KEY, name text, age integer);
CREATE TABLE post (id integer PRIMARY KEY, title text, slug text);
CREATE TABLE comment (id integer PRIMARY KEY, title text, content text);
CREATE TABLE tag (id integer PRIMARY KEY, name text);
CREATE TABLE user_post (
  id integer PRIMARY KEY,
  user_id integer REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
  post_id integer REFERENCES post ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE post_comment (
  id integer PRIMARY KEY,
  post_id integer REFERENCES post ON UPDATE CASCADE ON DELETE CASCADE,
  comment_id integer REFERENCES comment ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE user_tag (
  id integer PRIMARY KEY,
  user_id integer REFERENCES "user" ON UPDATE CASCADE ON DELETE CASCADE,
  tag_id integer REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE comment_tag (
  comment_id integer REFERENCES comment ON UPDATE CASCADE ON DELETE CASCADE,
  tag_id integer REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (tag_id, comment_id)
);
