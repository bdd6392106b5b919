"""Whole stories in a real browser, against the real web server and a made-up district."""
