-- Composite keys everywhere, a join table of two composite keys, and the same table under two labels.
-- features: 27, 37, 41
CREATE TABLE category (id integer, uid uuid, text text, PRIMARY KEY (id, uid));
CREATE TABLE question (
  id integer, uid uuid, category_id integer, category_uid uuid, text text,
  PRIMARY KEY (id, uid),
  CONSTRAINT of_category_id_category_uid FOREIGN KEY (category_id, category_uid) REFERENCES category (id, uid) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE answer (id integer, uid uuid, text text, PRIMARY KEY (id, uid));
CREATE TABLE possible_answer (
  question_id integer, question_uid uuid, answer_id integer, answer_uid uuid,
  PRIMARY KEY (question_id, question_uid, answer_id, answer_uid),
  CONSTRAINT of_question_id_question_uid FOREIGN KEY (question_id, question_uid) REFERENCES question (id, uid) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT of_answer_id_answer_uid FOREIGN KEY (answer_id, answer_uid) REFERENCES answer (id, uid) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE real_answer (
  question_id integer, question_uid uuid, answer_id integer, answer_uid uuid,
  PRIMARY KEY (question_id, question_uid),
  CONSTRAINT of_question_id_question_uid FOREIGN KEY (question_id, question_uid) REFERENCES question (id, uid) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT of_answer_id_answer_uid FOREIGN KEY (answer_id, answer_uid) REFERENCES answer (id, uid) ON UPDATE CASCADE ON DELETE CASCADE
);
