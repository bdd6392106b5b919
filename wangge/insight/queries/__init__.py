"""Reading for figures; nothing here changes anything."""
