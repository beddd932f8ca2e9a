-- index: like_shop
SELECT s.stock_id::text, json_build_object('stock_id', s.stock_id, 'amount', s.amount, 'product',
  (SELECT json_build_object('name', p.name, 'price', p.price, 'category',
     (SELECT json_build_object('name', c.name, 'others',
        (SELECT json_agg(o.product_id ORDER BY o.product_id) FROM product o WHERE o.category_id = c.category_id))
      FROM category c WHERE c.category_id = p.category_id))
   FROM product p WHERE p.product_id = s.product_id))::text
FROM stock s
