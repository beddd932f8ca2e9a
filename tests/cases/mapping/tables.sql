-- The schema's own settings and mapping: an analyzer, a nested child, a keyword in the place of a text.
-- features: 21, 55, 56
-- modules: analysis-common
CREATE TABLE article (id integer PRIMARY KEY, title text, body text, tags jsonb, day date);
CREATE TABLE comment (id integer PRIMARY KEY, article_id integer REFERENCES article ON UPDATE CASCADE ON DELETE CASCADE, author text, text text);
