"""Rows without which the program cannot begin: the number of the territory's first version, the shipped kinds of forces."""

VERSION = "INSERT INTO territory_territoryversion (number) VALUES (1)"
# `wangge setup` adds what is shipped later.
FORCES = """
INSERT INTO territory_forcekind (code, name, name_en, ordinal, in_use) VALUES
    ('manager', '管理员', 'Manager', 10, true),
    ('assistant', '协管员', 'Assistant', 20, true),
    ('supervisor', '督导员', 'Supervisor', 30, true),
    ('secretary', '党支部书记', 'Party branch secretary', 40, true),
    ('police', '民警', 'Police officer', 50, true),
    ('justice', '司法工作者', 'Judicial worker', 60, true),
    ('fire', '消防员', 'Firefighter', 70, true),
    ('micro_worker', '微网格员', 'Micro-grid worker', 80, true)
"""
