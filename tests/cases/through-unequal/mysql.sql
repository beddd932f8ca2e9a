-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE seat (
  hall varchar(100),
  number int,
  colour varchar(100),
  PRIMARY KEY (hall, number)
);
CREATE TABLE guest (
  id int PRIMARY KEY,
  name varchar(100)
);
CREATE TABLE price (
  id int PRIMARY KEY,
  amount decimal(8, 2)
);
CREATE TABLE ticket (
  id int PRIMARY KEY,
  number int,
  hall varchar(100),
  guest_id int,
  CONSTRAINT of_seat FOREIGN KEY (hall, number) REFERENCES seat (hall, number) ON UPDATE CASCADE ON DELETE CASCADE,
  FOREIGN KEY (guest_id) REFERENCES guest (id) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE seat_price (
  in_hall varchar(100),
  seat int,
  price bigint
);
INSERT INTO seat WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT 'hall ' || (n % 2), n, 'colour ' || (n % 3) FROM n;
INSERT INTO guest WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5)
  SELECT n, 'guest ' || n FROM n;
INSERT INTO price WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, n * 2.5 FROM n;
INSERT INTO ticket WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
  SELECT n, m, 'hall ' || (m % 2), n % 5 + 1 FROM (SELECT n, n % 7 + 1 AS m FROM n) x;
INSERT INTO ticket VALUES (20, 1, NULL, 1), (21, 1, 'hall 1', NULL);
INSERT INTO seat_price WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9)
  SELECT 'hall ' || (m % 2), m, n % 4 + 1 FROM (SELECT n, n % 6 + 1 AS m FROM n) x;
INSERT INTO seat_price VALUES ('hall 9', 9, 1), ('hall 1', 1, NULL), (NULL, 1, 1);
