-- An ingest pipeline that changes documents and drops some, by what a row says and by how many children it has.
-- features: 21, 61
-- modules: ingest-common
-- mysql: no, what it shows is done by the engine, whatever the database.
CREATE TABLE article (id integer PRIMARY KEY, title text, state text, views integer);
CREATE TABLE comment (id integer PRIMARY KEY, article_id integer REFERENCES article ON UPDATE CASCADE ON DELETE CASCADE, body text);
