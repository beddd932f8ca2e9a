-- index: like_quiz
SELECT q.id || '|' || q.uid, json_build_object('id', q.id, 'uid', q.uid, 'text', q.text,
  'category', (SELECT json_build_object('text', c.text) FROM category c WHERE (c.id, c.uid) = (q.category_id, q.category_uid)),
  'possible_answers', (SELECT json_agg(json_build_object('id', a.id, 'text', a.text) ORDER BY a.id, a.uid)
     FROM possible_answer x JOIN answer a ON (a.id, a.uid) = (x.answer_id, x.answer_uid) WHERE (x.question_id, x.question_uid) = (q.id, q.uid)),
  'real_answer', (SELECT json_agg(json_build_object('text', a.text) ORDER BY a.id, a.uid)
     FROM real_answer x JOIN answer a ON (a.id, a.uid) = (x.answer_id, x.answer_uid) WHERE (x.question_id, x.question_uid) = (q.id, q.uid)))::text
FROM question q
