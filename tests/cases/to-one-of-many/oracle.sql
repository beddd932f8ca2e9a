-- index: to_one_of_many
SELECT m.id::text, json_build_object('name', m.name, 'state',
  (SELECT json_build_object('text', s.text, 'cause',
     (SELECT c.text FROM cause c WHERE c.state_number = s.number ORDER BY c.id LIMIT 1))
   FROM state s WHERE s.machine_id = m.id ORDER BY s.at, s.number LIMIT 1))::text
FROM machine m
