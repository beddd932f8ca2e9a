-- A table of 120 columns, all shown, and changed in any of them.
-- features: 31, 46
DO $$ BEGIN
  EXECUTE (SELECT 'CREATE TABLE wide (id integer PRIMARY KEY, ' || string_agg('column_' || n || ' ' ||
    (ARRAY['text', 'integer', 'numeric(12,2)', 'boolean', 'date'])[n % 5 + 1], ', ') || ')' FROM generate_series(1, 120) n);
END $$;
