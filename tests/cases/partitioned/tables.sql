-- Partitioned tables as root, child and join table: by range, list and hash, in two levels, with a default; rows move
-- between partitions.
-- features: 23
-- least: 11
CREATE TABLE sensor (id integer, region text, name text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE sensor_north PARTITION OF sensor FOR VALUES IN ('north');
CREATE TABLE sensor_south PARTITION OF sensor FOR VALUES IN ('south', 'east');
CREATE TABLE sensor_rest PARTITION OF sensor DEFAULT;
CREATE TABLE label (id integer, kind text, text text, PRIMARY KEY (id, kind));
CREATE TABLE measure (
  id integer, day integer, sensor_id integer, region text, value integer,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE measure_1 PARTITION OF measure FOR VALUES FROM (MINVALUE) TO (10);
CREATE TABLE measure_2 PARTITION OF measure FOR VALUES FROM (10) TO (1100) PARTITION BY HASH (id);
CREATE TABLE measure_2_0 PARTITION OF measure_2 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE measure_2_1 PARTITION OF measure_2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE measure_rest PARTITION OF measure DEFAULT;
CREATE TABLE labelled (
  sensor_id integer, region text, label_id integer, label_kind text,
  PRIMARY KEY (sensor_id, region, label_id, label_kind),
  CONSTRAINT of_label_id_label_kind FOREIGN KEY (label_id, label_kind) REFERENCES label ON UPDATE CASCADE ON DELETE CASCADE
) PARTITION BY HASH (sensor_id);
CREATE TABLE labelled_0 PARTITION OF labelled FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE labelled_1 PARTITION OF labelled FOR VALUES WITH (MODULUS 2, REMAINDER 1);
