-- The same tables and rows for MySQL and MariaDB, where a schema is a database. A moment with its zone and a point are texts here.
CREATE DATABASE IF NOT EXISTS bookings CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE bookings.airport (code char(3) PRIMARY KEY, name json NOT NULL, place varchar(20));
CREATE TABLE bookings.flight (
  id int PRIMARY KEY,
  number char(6) NOT NULL,
  departs varchar(32),
  "from" char(3) NOT NULL,
  "to" char(3) NOT NULL,
  FOREIGN KEY ("from") REFERENCES bookings.airport (code) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */,
  FOREIGN KEY ("to") REFERENCES bookings.airport (code) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE bookings.booking (ref char(6) PRIMARY KEY, day date, total decimal(10, 2));
CREATE TABLE bookings.ticket (
  number char(13) PRIMARY KEY,
  ref char(6) NOT NULL,
  passenger varchar(100),
  contact json,
  FOREIGN KEY (ref) REFERENCES bookings.booking (ref) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE bookings.ticket_flight (
  number char(13),
  flight_id int,
  fare varchar(100),
  PRIMARY KEY (number, flight_id),
  FOREIGN KEY (number) REFERENCES bookings.ticket (number) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (flight_id) REFERENCES bookings.flight (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO bookings.airport WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT 'A' || lpad(n, 2, '0'), JSON_OBJECT('en', 'airport ' || n, 'de', 'Flughafen ' || n), '(' || n || ',' || -n || ')' FROM n;
INSERT INTO bookings.flight WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, 'PG' || lpad(n, 4, '0'),
    DATE_FORMAT(TIMESTAMP '2017-07-16 10:00:00' + INTERVAL n * 3 HOUR, '%Y-%m-%dT%H:%i:%s+00:00'),
    'A0' || (n % 4 + 1), 'A0' || (n * 3 % 4 + 1) FROM n;
INSERT INTO bookings.booking WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT 'REF' || lpad(n, 3, '0'), DATE '2017-07-01' + INTERVAL n DAY, n * 1000.50 FROM n;
INSERT INTO bookings.ticket WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT lpad(n, 13, '0'), 'REF00' || (n % 5 + 1), 'passenger ' || n,
    CASE WHEN n % 3 > 0 THEN JSON_OBJECT('phone', '+7' || n, 'email', JSON_ARRAY('a' || n, 'b')) END FROM n;
INSERT INTO bookings.ticket_flight WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
  SELECT DISTINCT lpad(n % 7 + 1, 13, '0'), n * 5 % 6 + 1, 'economy' FROM n;
