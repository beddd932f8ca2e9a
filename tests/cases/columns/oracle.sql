-- index: columns
SELECT isbn, json_build_object('isbn', isbn, 'name', title, 'cost', price, 'title', published)::text FROM book
