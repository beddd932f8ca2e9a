-- Paths into json and jsonb, to JSON and to texts, by keys, indexes and lists of both, in chains; names of fields as PGSync makes them.
-- features: 32, 33, 49
CREATE TABLE page (id integer PRIMARY KEY, doc jsonb, raw json);
CREATE TABLE part (id integer PRIMARY KEY, page_id integer REFERENCES page ON UPDATE CASCADE ON DELETE CASCADE, doc jsonb);
