-- What is done to values: rename, replace and concat on the root, on an object, on objects in an array, on values in an
-- array, and inside of JSON; a parent's rules for its children.
-- features: 49, 50, 51, 52, 53, 54
CREATE TABLE maker (
    id integer PRIMARY KEY,
    name text,
    town text NOT NULL,
    founded date
);
CREATE TABLE product (
    id integer PRIMARY KEY,
    maker_id integer REFERENCES maker ON UPDATE CASCADE ON DELETE CASCADE,
    name text,
    price numeric(8,2),
    sold boolean,
    words text[],
    facts jsonb
);
CREATE TABLE part (
    id integer PRIMARY KEY,
    product_id integer REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE,
    code text NOT NULL,
    weight integer
);
CREATE TABLE tag (
    id integer PRIMARY KEY,
    product_id integer REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE,
    word text
);
-- What the rules say of the members of `facts`, by plain SQL.
CREATE FUNCTION noted(v jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE jsonb_typeof(v)
        WHEN 'string' THEN to_jsonb(replace(v #>> '{}', 'x', 'y'))
        WHEN 'array' THEN (
            SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(e) = 'string' THEN to_jsonb(replace(e #>> '{}', 'x', 'y')) ELSE e END ORDER BY o), '[]')
            FROM jsonb_array_elements(v) WITH ORDINALITY a (e, o))
        ELSE v END $$;
CREATE FUNCTION sized(v jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN jsonb_typeof(v) = 'object' AND v ? 'w'
        THEN (v - 'w') || CASE WHEN v ? 'width' THEN '{}' ELSE jsonb_build_object('width', v -> 'w') END
        ELSE v END $$;
CREATE FUNCTION told(v jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN jsonb_typeof(v) = 'object' THEN
        (v - 'color' - 'size' - 'note')
        || CASE WHEN v ? 'color' AND NOT v ? 'colour' THEN jsonb_build_object('colour', v -> 'color') ELSE '{}' END
        || CASE WHEN v ? 'size' THEN jsonb_build_object('size', CASE jsonb_typeof(v -> 'size')
               WHEN 'array' THEN (SELECT coalesce(jsonb_agg(sized(e) ORDER BY o), '[]') FROM jsonb_array_elements(v -> 'size') WITH ORDINALITY a (e, o))
               ELSE sized(v -> 'size') END) ELSE '{}' END
        || CASE WHEN v ? 'note' THEN jsonb_build_object('note', noted(v -> 'note')) ELSE '{}' END
        ELSE v END $$;
