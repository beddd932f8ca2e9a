CREATE SCHEMA sales;
CREATE SCHEMA stock;
CREATE TABLE stock.item (country char(2), number integer, name text NOT NULL, PRIMARY KEY (country, number));
CREATE TABLE sales.customer (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE sales.purchase (
  country char(2),
  number integer,
  customer_id uuid NOT NULL REFERENCES sales.customer,
  PRIMARY KEY (country, number)
);
CREATE TABLE sales.line (
  purchase_country char(2),
  purchase_number integer,
  item_country char(2),
  item_number integer,
  quantity numeric NOT NULL,
  PRIMARY KEY (purchase_country, purchase_number, item_country, item_number),
  CONSTRAINT line_purchase FOREIGN KEY (purchase_country, purchase_number) REFERENCES sales.purchase (country, number) ON UPDATE CASCADE,
  CONSTRAINT line_item FOREIGN KEY (item_country, item_number) REFERENCES stock.item (country, number)
);
INSERT INTO stock.item VALUES ('GB', 1, 'tea'), ('FR', 1, 'cheese');
INSERT INTO sales.customer VALUES ('00000000-0000-4000-8000-000000000001', 'Ada');
INSERT INTO sales.purchase VALUES ('GB', 7, '00000000-0000-4000-8000-000000000001'), ('GB', 8, '00000000-0000-4000-8000-000000000001');
INSERT INTO sales.line VALUES ('GB', 7, 'FR', 1, 0.50), ('GB', 7, 'GB', 1, 2);
