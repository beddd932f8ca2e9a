INSERT INTO maker VALUES (1, 'Abel & Co', 'Bern', '1901-02-03'), (2, NULL, 'Ulm', NULL), (3, '', 'Aha', 'infinity');
INSERT INTO product VALUES
  (1, 1, 'a "lamp"', 12.50, true, '{foo,bar,NULL}', '{"color": "red", "size": {"w": 1.50, "h": 2}, "note": "xx", "n": [1, 2]}'),
  (2, 2, NULL, 0, false, '{}', '{"color": 1, "colour": 2, "size": [{"w": 1}, 7, {"width": 3}], "note": ["x", 1, "y"]}'),
  (3, NULL, '', NULL, NULL, NULL, '[{"color": "blue"}, {"note": {"x": "x"}}, 5]'),
  (4, 3, E'tab\there', -3.00, true, '{ooo}', '"xx"'),
  (5, 1, 'A', 0.10, false, '{o,"a,b"}', NULL);
INSERT INTO part VALUES (1, 1, 'c1', 10), (2, 1, '', 0), (3, 2, '11', NULL), (4, 4, 'b', -5), (5, NULL, 'd1', 1);
INSERT INTO tag VALUES (1, 1, 'green'), (2, 1, NULL), (3, 2, 'e"e'), (4, 5, 'old'), (5, NULL, 'x');
