-- A column of every built-in type, on the root and on a child, without a list of columns.
-- features: 31, 46
-- least: 10
-- mysql: no, its types are of PostgreSQL; tests/mysql has those of theirs.
CREATE TABLE every_type (
  id integer PRIMARY KEY,
  a_boolean boolean, a_smallint smallint, a_integer integer, a_bigint bigint, a_oid oid,
  a_real real, a_double double precision, a_numeric numeric, a_scaled numeric(8, 3), a_money money,
  a_text text, a_varchar character varying(20), a_char character(6), a_internal "char",
  a_uuid uuid, a_bytea bytea, a_date date, a_time time, a_timetz timetz,
  a_timestamp timestamp, a_timestamptz timestamptz, a_interval interval,
  a_json json, a_jsonb jsonb, a_inet inet, a_cidr cidr, a_macaddr macaddr, a_macaddr8 macaddr8,
  a_bit bit(3), a_varbit bit varying, a_xml xml, a_tsvector tsvector, a_tsquery tsquery, a_lsn pg_lsn,
  a_point point, a_line line, a_lseg lseg, a_box box, a_path path, a_polygon polygon, a_circle circle,
  a_int4range int4range, a_int8range int8range, a_numrange numrange, a_daterange daterange, a_tsrange tsrange, a_tstzrange tstzrange,
  a_regclass regclass, a_snapshot txid_snapshot
);
CREATE TABLE typed_child (
  id integer PRIMARY KEY,
  parent_id integer REFERENCES every_type ON UPDATE CASCADE ON DELETE CASCADE,
  n numeric, d date, t timestamptz, i interval, j jsonb, r int4range, b bytea, f float8, g inet
);
