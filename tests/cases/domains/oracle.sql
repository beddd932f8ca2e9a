-- index: domains
SELECT p.day::text, json_build_object('day', p.day, 'title', p.title, 'cost', p.cost, 'number', p.number, 'costs', p.costs, 'details', p.details,
  'tasks', (SELECT json_agg(json_build_object('code', t.code, 'days', t.days, 'steps',
              (SELECT json_agg(s.name ORDER BY s.id) FROM step s WHERE s.task_id = t.id)) ORDER BY t.id)
            FROM task t WHERE t.day = p.day))::text
FROM plan p
