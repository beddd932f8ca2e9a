-- Documents that go because of a value of their row, and are kept by another value, which may change with it.
-- features: 60, 101
CREATE TABLE account (id integer PRIMARY KEY, region text, state text);
CREATE TABLE entry (id integer PRIMARY KEY, account_id integer REFERENCES account ON UPDATE CASCADE ON DELETE CASCADE, name text);
