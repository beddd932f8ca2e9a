-- Means have 16 digits behind the point on MySQL and MariaDB, whatever their size (docs/mysql.md).
-- index: aggregate_flatten
SELECT t.id::text, json_build_object('name', t.name,
  'players', (SELECT count(*) FROM player p WHERE p.team_id = t.id),
  'goals', (SELECT sum(p.goals) FROM player p WHERE p.team_id = t.id),
  'best', (SELECT max(p.goals) FROM player p WHERE p.team_id = t.id),
  'active', (SELECT count(*) FROM player p WHERE p.team_id = t.id AND p.active),
  'mean', (SELECT round(sum(p.goals)::numeric(60, 20) / nullif(count(p.goals), 0), 16) FROM player p WHERE p.team_id = t.id),
  'sponsored', EXISTS (SELECT 1 FROM team_sponsor x JOIN sponsor s ON s.id = x.sponsor_id WHERE x.team_id = t.id),
  'income', (SELECT sum(s.amount) FROM team_sponsor x JOIN sponsor s ON s.id = x.sponsor_id WHERE x.team_id = t.id),
  'city', (SELECT c.name FROM city c WHERE c.id = t.city_id),
  'neighbours', (SELECT count(*) FROM team o JOIN city c ON c.id = o.city_id WHERE o.city_id = t.city_id),
  'line', concat_ws(': ', t.name, (SELECT nullif(count(*), 0) FROM player p WHERE p.team_id = t.id AND p.active)))::text
FROM team t
