"""Scorecards as files: one table of words and numbers, written as a spreadsheet or as a sheet to print."""
