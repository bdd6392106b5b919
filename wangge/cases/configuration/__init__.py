"""The configuration as versioned data: tables, drafts, linter, dry run, publication, spreadsheet.

What is published stands in the domain's own tables. A draft is a set of rows that shall be otherwise; publishing writes
them, and keeps all that the configuration then says as a version.
"""
