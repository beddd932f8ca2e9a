-- Documents of three short columns: many of them, to see whether memory grows with their number.
CREATE TABLE narrow (id integer PRIMARY KEY, amount integer NOT NULL, name text NOT NULL);
INSERT INTO narrow SELECT n, pick(n, 1, 1000000), split_part(said(pick(n, 2, 4096)), ' ', 1) FROM generate_series(1, :rows) n;
