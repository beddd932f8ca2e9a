-- Names of columns are the same in small letters and large ones there: what is "upper" elsewhere has another name.
-- index: hostile_names
SELECT "from" || '|' || replace(replace("k", '\', '\\'), '|', '\|'), json_build_object('from', "from", 'Größe', "Größe", 'a "b" ''c''', "a ""b"" 'c'",
  'back\slash', "back\slash", 'type', "type", 'with space', "with space", '$1', "$1", '☃', "☃", 'l''été "\ {}', "UPPER",
  'upper', "small", '1st', "1st", '-- no comment', "-- no comment", 'k', "k", 'Kinder "" \ ''', (
    SELECT json_agg(json_build_object('fn', u."fn", '_id', u."_id", 'crate', u."crate", 'joined', (
        SELECT json_agg(q."where" ORDER BY q."?") FROM "Join" j JOIN "?" q USING ("?") WHERE j."Über" = u."crate")
      ) ORDER BY u."crate")
    FROM "it's ""quoted"""."Über -- Table" u WHERE (u."In", u."Out; DROP") = (s."from", s."k")))::text
FROM "Group By"."select" s
