-- The whole of the mappings: no field beside those that are said, templates, and what is inferred behind them.
-- features: 21, 56
CREATE TABLE article (id integer PRIMARY KEY, title text, tags jsonb, day date);
