-- What every dataset is made with. Numbers follow from an id, a salt and the seed alone, so the same seed gives the same
-- rows on every machine, in every run and in every database: `common.mysql.sql` makes them by the same digest.
CREATE FUNCTION pick(id bigint, salt integer, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT ('x' || substr(encode(sha256((id || ':' || salt || ':' || :seed)::bytea), 'hex'), 1, 15))::bit(60)::bigint % n $$;

-- 4,096 sentences of ten words, so that texts look like texts to an engine's analysis.
CREATE TABLE sentence AS
WITH word(list) AS (SELECT regexp_split_to_array(':words', E'\\s+'))
SELECT n AS id, (SELECT string_agg(list[1 + pick(n, 100 + i, cardinality(list))], ' ' ORDER BY i) FROM generate_series(1, 10) i) AS text
FROM word, generate_series(0, 4095) n;

ALTER TABLE sentence ADD PRIMARY KEY (id);

-- A look-up: an array of all sentences would be read whole for every one that is wanted.
CREATE FUNCTION said(number bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT text FROM sentence WHERE id = number $$;
ANALYZE sentence;
