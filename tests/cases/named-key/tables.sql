-- A root without a primary key, whose key the schema names, in the order in which it names it; its child names one too.
-- features: 38
CREATE TABLE reading (station text NOT NULL, hour integer NOT NULL, value float8, note text);
CREATE TABLE alarm (station text, hour integer, level integer, text text);
