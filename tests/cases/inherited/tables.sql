-- Tables that inherit, in two levels, as root, child and join table: their rows are those of all of them. One in between
-- has another key than the first.
-- features: 23
-- mysql: no, their tables do not inherit.
CREATE TYPE kind AS ENUM ('plain', 'book', 'novel');
CREATE TABLE item (
  id integer, kind kind DEFAULT 'plain' CHECK (kind = 'plain') NO INHERIT, title text,
  PRIMARY KEY (id, kind)
);
CREATE TABLE book (pages integer, CHECK (kind = 'book') NO INHERIT, PRIMARY KEY (pages), UNIQUE (id, kind)) INHERITS (item);
CREATE TABLE novel (CHECK (kind = 'novel'), UNIQUE (id, kind)) INHERITS (book);
CREATE TABLE remark (id integer, item_id integer, item_kind kind, text text);
CREATE TABLE remark_kept (kept date) INHERITS (remark);
CREATE TABLE shelf (id integer PRIMARY KEY, name text);
CREATE TABLE placed (item_id integer, item_kind kind, shelf_id integer);
CREATE TABLE placed_before () INHERITS (placed);
