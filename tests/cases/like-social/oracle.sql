-- index: like_social
SELECT u.id::text, json_build_object('name', u.name, 'age', u.age,
  'posts', (SELECT json_agg(json_build_object('slug', p.slug, 'title', p.title, 'comments',
      (SELECT json_agg(json_build_object('title', c.title, 'content', c.content, 'tags',
         (SELECT json_agg(t.name ORDER BY t.id) FROM comment_tag y JOIN tag t ON t.id = y.tag_id WHERE y.comment_id = c.id)) ORDER BY c.id, x.id)
       FROM post_comment x JOIN comment c ON c.id = x.comment_id WHERE x.post_id = p.id)) ORDER BY p.id, z.id)
    FROM user_post z JOIN post p ON p.id = z.post_id WHERE z.user_id = u.id),
  'tags', (SELECT json_agg(t.name ORDER BY t.id, x.id) FROM user_tag x JOIN tag t ON t.id = x.tag_id WHERE x.user_id = u.id))::text
FROM "user" u
