-- 1,000 roots of 5,000 children each at scale 1: few documents, every one of them large.
CREATE TABLE root (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE child (id integer PRIMARY KEY, root_id integer NOT NULL, amount integer NOT NULL, label text NOT NULL);
INSERT INTO root SELECT n, said(pick(n, 1, 4096)) FROM generate_series(1, 1000) n;
INSERT INTO child SELECT n, 1 + (n - 1) % 1000, pick(n, 2, 1000000), split_part(said(pick(n, 3, 4096)), ' ', 1)
FROM generate_series(1, 1000 * :rows) n;
ALTER TABLE child ADD FOREIGN KEY (root_id) REFERENCES root;
CREATE INDEX ON child (root_id);
