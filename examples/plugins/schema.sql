CREATE TYPE place_kind AS ENUM ('bar', 'shop', 'draft');

CREATE TABLE place (
    id integer PRIMARY KEY,
    name text NOT NULL,
    kind place_kind NOT NULL,
    email text,
    opened date,
    closes date,
    spot point
);

CREATE TABLE review (
    id integer PRIMARY KEY,
    place_id integer REFERENCES place ON DELETE CASCADE,
    email text NOT NULL,
    body text
);
