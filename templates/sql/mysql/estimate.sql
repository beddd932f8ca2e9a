SELECT CAST(coalesce(max(table_rows), 0) AS SIGNED)
FROM information_schema.tables WHERE table_schema = {{ schema }} AND table_name = {{ name }}
