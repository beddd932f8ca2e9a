-- Join tables between a key of two columns and a key of one, with declared foreign keys and without, in either direction.
-- features: 27, 35, 36, 37
CREATE TABLE seat (hall text, number integer, colour text, PRIMARY KEY (hall, number));
CREATE TABLE guest (id integer PRIMARY KEY, name text);
CREATE TABLE price (id integer PRIMARY KEY, amount numeric(8, 2));
CREATE TABLE ticket (
  id integer PRIMARY KEY,
  number integer, hall text,
  guest_id integer REFERENCES guest ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT of_seat FOREIGN KEY (number, hall) REFERENCES seat (number, hall) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE seat_price (in_hall text, seat integer, price bigint);
