-- Three documents over the same tables: the root of one is the child of another, and one goes by the file's own name.
-- features: 18, 19
CREATE TABLE author (id integer PRIMARY KEY, name text);
CREATE TABLE book (id integer PRIMARY KEY, title text, pages integer, author_id integer REFERENCES author ON UPDATE CASCADE ON DELETE SET NULL);
CREATE TABLE loan (id integer PRIMARY KEY, book_id integer REFERENCES book ON UPDATE CASCADE ON DELETE CASCADE, reader text);
