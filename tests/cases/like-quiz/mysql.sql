-- The same tables and rows for MySQL and MariaDB. A uuid is a text here.
CREATE TABLE category (id int, uid char(36), text varchar(100), PRIMARY KEY (id, uid));
CREATE TABLE question (
  id int,
  uid char(36),
  category_id int,
  category_uid char(36),
  text varchar(100),
  PRIMARY KEY (id, uid),
  CONSTRAINT of_category FOREIGN KEY (category_id, category_uid) REFERENCES category (id, uid) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE answer (id int, uid char(36), text varchar(100), PRIMARY KEY (id, uid));
CREATE TABLE possible_answer (
  question_id int,
  question_uid char(36),
  answer_id int,
  answer_uid char(36),
  PRIMARY KEY (question_id, question_uid, answer_id, answer_uid),
  CONSTRAINT possible_of_question FOREIGN KEY (question_id, question_uid) REFERENCES question (id, uid) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT possible_of_answer FOREIGN KEY (answer_id, answer_uid) REFERENCES answer (id, uid) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
CREATE TABLE real_answer (
  question_id int,
  question_uid char(36),
  answer_id int,
  answer_uid char(36),
  PRIMARY KEY (question_id, question_uid),
  CONSTRAINT real_of_question FOREIGN KEY (question_id, question_uid) REFERENCES question (id, uid) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT real_of_answer FOREIGN KEY (answer_id, answer_uid) REFERENCES answer (id, uid) /*!90600 ON UPDATE CASCADE ON DELETE CASCADE */
);
INSERT INTO category WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3)
  SELECT n, '00000000-0000-0000-0000-00000000000' || n, 'category ' || n FROM n;
INSERT INTO question WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
  SELECT n, '00000000-0000-0000-0000-00000000001' || n, c.id, c.uid, 'question ' || n FROM n JOIN category c ON c.id = n % 3 + 1;
INSERT INTO answer WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7)
  SELECT n, '00000000-0000-0000-0000-00000000002' || n, 'answer ' || n FROM n;
INSERT INTO possible_answer SELECT q.id, q.uid, a.id, a.uid FROM question q JOIN answer a ON (q.id + a.id) % 3 = 0;
INSERT INTO real_answer SELECT q.id, q.uid, a.id, a.uid FROM question q JOIN answer a ON a.id = q.id + 1 WHERE q.id < 6;
