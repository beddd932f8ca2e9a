-- Documents kept by a value that changes, in three shards, so that copies under two values may stand in one shard and in two;
-- by a renamed and rewritten column that may be NULL or empty, by a number that is never NULL, and by the key itself.
-- features: 21, 58, 59, 60
CREATE TABLE owner (id integer PRIMARY KEY, name text);
CREATE TABLE thing (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES owner ON UPDATE CASCADE ON DELETE CASCADE, region text, note text);
CREATE TABLE part (id integer PRIMARY KEY, thing_id integer REFERENCES thing ON UPDATE CASCADE ON DELETE CASCADE, name text);
