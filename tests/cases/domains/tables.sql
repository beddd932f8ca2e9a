-- Domains, domains over domains, arrays of domains, enums of another schema, an enum and a domain as keys and links.
-- features: 23, 37
-- least: 11
CREATE SCHEMA kinds;
CREATE TYPE kinds."Day" AS ENUM ('mon', 'tue day', 'wed', 'thu', 'fri', 'sat', 'sun');
CREATE DOMAIN kinds.positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN kinds.small AS kinds.positive CHECK (VALUE < 100000);
CREATE DOMAIN code AS text CHECK (VALUE <> '');
CREATE DOMAIN price AS numeric(10, 2);
CREATE DOMAIN document AS jsonb;
CREATE TABLE plan (day kinds."Day" PRIMARY KEY, title code, cost price, number kinds.small, costs price[], details document);
CREATE TABLE task (id kinds.small PRIMARY KEY, day kinds."Day" REFERENCES plan ON UPDATE CASCADE ON DELETE CASCADE, code code, days kinds."Day"[]);
CREATE TABLE step (id integer PRIMARY KEY, task_id integer REFERENCES task ON UPDATE CASCADE ON DELETE CASCADE, name varchar(12));
