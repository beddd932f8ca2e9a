-- Chosen columns of a root, some under another name, with a text for a key.
-- features: 31, 49
CREATE TABLE book (
  isbn text PRIMARY KEY,
  title text NOT NULL,
  price numeric(8, 2),
  published date,
  note text
);
