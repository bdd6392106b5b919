"""Puts the made-up district into an empty database: territory, people, and their matters by the real road."""

from demo.loading.whole import Amount, Loaded, load, refuse_unless_empty_demo

__all__ = ["Amount", "Loaded", "load", "refuse_unless_empty_demo"]
