-- Values that are stored apart and that a change of another column does not send again, shown and as links.
-- features: 66, 70
-- least: 11
CREATE TABLE paper (id integer PRIMARY KEY, title text, body text, data jsonb, topic text);
ALTER TABLE paper ALTER topic SET STORAGE EXTERNAL;
ALTER TABLE paper ALTER body SET STORAGE EXTERNAL;
CREATE TABLE note (id integer PRIMARY KEY, paper_id integer REFERENCES paper ON UPDATE CASCADE ON DELETE CASCADE, stars integer, body text);
ALTER TABLE note ALTER body SET STORAGE EXTERNAL;
CREATE TABLE key_of_length (k text PRIMARY KEY CHECK (length(k) < 400), paper_id integer REFERENCES paper ON UPDATE CASCADE ON DELETE CASCADE, number integer);
CREATE TABLE about (id integer PRIMARY KEY, topic text, text text);
ALTER TABLE about ALTER topic SET STORAGE EXTERNAL;
