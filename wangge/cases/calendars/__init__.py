"""Working calendars: reading and planning changes, their dry run, the clocks that follow, pages and files."""
