-- A schema that is not `public`, keys of text and character, JSON paths in a child, and a join table with a key of two
-- columns under a child.
-- features: 27, 32, 37, 39
CREATE SCHEMA bookings;
CREATE TABLE bookings.airport (code char(3) PRIMARY KEY, name jsonb NOT NULL, place point);
CREATE TABLE bookings.flight (
  id integer PRIMARY KEY,
  number char(6) NOT NULL,
  departs timestamptz,
  "from" char(3) NOT NULL REFERENCES bookings.airport ON UPDATE CASCADE ON DELETE CASCADE,
  "to" char(3) NOT NULL REFERENCES bookings.airport ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE bookings.booking (ref char(6) PRIMARY KEY, day date, total numeric(10, 2));
CREATE TABLE bookings.ticket (
  number char(13) PRIMARY KEY,
  ref char(6) NOT NULL REFERENCES bookings.booking ON UPDATE CASCADE ON DELETE CASCADE,
  passenger text,
  contact jsonb
);
CREATE TABLE bookings.ticket_flight (
  number char(13) REFERENCES bookings.ticket ON UPDATE CASCADE ON DELETE CASCADE,
  flight_id integer REFERENCES bookings.flight ON UPDATE CASCADE ON DELETE CASCADE,
  fare text,
  PRIMARY KEY (number, flight_id)
);
