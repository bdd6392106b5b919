"""What happens of itself when time runs out: reminders before the due moment, rungs of a ladder after it.

`turns` says which moments a clock has ahead, `planning` keeps the next one in a column of the clock, `looking` takes
those whose moment has come, and `whom` finds out who is told.
"""
