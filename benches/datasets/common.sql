-- What every dataset is made with. Numbers follow from an id, a salt and the seed alone, so the same seed gives the same
-- rows on every machine and in every run.
CREATE FUNCTION pick(id bigint, salt integer, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (hashint8extended(id, salt::bigint * 7919 + :seed) & 9223372036854775807) % n $$;

-- 4,096 sentences of ten words, so that texts look like texts to an engine's analysis.
CREATE TABLE sentence AS
WITH word(list) AS (SELECT regexp_split_to_array('time year people way day man thing woman life child world school state family student
group country problem hand part place case week company system program question work government number night point home water room
mother area money story fact month lot right study book eye job word business issue side kind head house service friend father
power hour game line end member law car city community name president team minute idea body information back parent face others
level office door health person art war history party result change morning reason research girl guy moment air teacher force
education foot boy age policy music process market sense nation plan college interest death experience effect use class control
field development role effort rate heart drug show leader light voice wife police mind price report decision son view relation
town road arm difference value building action season society tax director position player record paper space ground form event
official matter center couple site project activity star table need court oil situation cost industry figure street image phone
data picture practice piece land product doctor wall patient worker news test movie north love support technology', E'\\s+'))
SELECT n AS id, (SELECT string_agg(list[1 + pick(n, 100 + i, cardinality(list))], ' ' ORDER BY i) FROM generate_series(1, 10) i) AS text
FROM word, generate_series(0, 4095) n;

ALTER TABLE sentence ADD PRIMARY KEY (id);

-- A look-up: an array of all sentences would be read whole for every one that is wanted.
CREATE FUNCTION said(number bigint) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT text FROM sentence WHERE id = number $$;
ANALYZE sentence;
