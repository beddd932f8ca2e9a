-- Children without a key: they stand in the order of what is shown of them, and equal rows stand side by side.
-- features: 25, 26
CREATE TABLE account (id integer PRIMARY KEY, name text);
CREATE TABLE entry (account_id integer REFERENCES account ON UPDATE CASCADE ON DELETE CASCADE, day date, amount integer, note text);
CREATE TABLE tag (account_id integer REFERENCES account ON UPDATE CASCADE ON DELETE CASCADE, tag text);
