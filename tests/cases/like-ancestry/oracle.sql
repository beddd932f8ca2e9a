-- index: like_ancestry
SELECT p.id::text, (to_jsonb(p) || jsonb_build_object('children',
  (SELECT jsonb_agg(to_jsonb(c) || jsonb_build_object('grand_children',
     (SELECT jsonb_agg(to_jsonb(g) || jsonb_build_object('great_grand_children',
        (SELECT jsonb_agg(to_jsonb(h) || jsonb_build_object('last',
           (SELECT jsonb_agg(to_jsonb(l) ORDER BY l.id) FROM last_child l WHERE l.great_grand_child_id = h.id)) ORDER BY h.id)
         FROM great_grand_child h WHERE h.grand_child_id = g.id)) ORDER BY g.id)
      FROM grand_child g WHERE g.child_id = c.id)) ORDER BY c.id, s.id)
   FROM surrogate s JOIN child c ON c.parent_id = s.id WHERE s.parent_id = p.id)))::text
FROM parent p
