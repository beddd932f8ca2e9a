-- The same tables and rows for MySQL and MariaDB.
CREATE TABLE wide (
  id int PRIMARY KEY,
  column_1 int, column_2 decimal(12, 2), column_3 json, column_4 date, column_5 text,
  column_6 int, column_7 decimal(12, 2), column_8 json, column_9 date, column_10 text,
  column_11 int, column_12 decimal(12, 2), column_13 json, column_14 date, column_15 text,
  column_16 int, column_17 decimal(12, 2), column_18 json, column_19 date, column_20 text,
  column_21 int, column_22 decimal(12, 2), column_23 json, column_24 date, column_25 text,
  column_26 int, column_27 decimal(12, 2), column_28 json, column_29 date, column_30 text,
  column_31 int, column_32 decimal(12, 2), column_33 json, column_34 date, column_35 text,
  column_36 int, column_37 decimal(12, 2), column_38 json, column_39 date, column_40 text,
  column_41 int, column_42 decimal(12, 2), column_43 json, column_44 date, column_45 text,
  column_46 int, column_47 decimal(12, 2), column_48 json, column_49 date, column_50 text,
  column_51 int, column_52 decimal(12, 2), column_53 json, column_54 date, column_55 text,
  column_56 int, column_57 decimal(12, 2), column_58 json, column_59 date, column_60 text,
  column_61 int, column_62 decimal(12, 2), column_63 json, column_64 date, column_65 text,
  column_66 int, column_67 decimal(12, 2), column_68 json, column_69 date, column_70 text,
  column_71 int, column_72 decimal(12, 2), column_73 json, column_74 date, column_75 text,
  column_76 int, column_77 decimal(12, 2), column_78 json, column_79 date, column_80 text,
  column_81 int, column_82 decimal(12, 2), column_83 json, column_84 date, column_85 text,
  column_86 int, column_87 decimal(12, 2), column_88 json, column_89 date, column_90 text,
  column_91 int, column_92 decimal(12, 2), column_93 json, column_94 date, column_95 text,
  column_96 int, column_97 decimal(12, 2), column_98 json, column_99 date, column_100 text,
  column_101 int, column_102 decimal(12, 2), column_103 json, column_104 date, column_105 text,
  column_106 int, column_107 decimal(12, 2), column_108 json, column_109 date, column_110 text,
  column_111 int, column_112 decimal(12, 2), column_113 json, column_114 date, column_115 text,
  column_116 int, column_117 decimal(12, 2), column_118 json, column_119 date, column_120 text
);
INSERT INTO wide (id, column_1, column_2, column_5, column_120) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 4)
  SELECT n, n, n, 'text ' || n, 'last ' || n FROM n;
