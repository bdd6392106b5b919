"""Keeps new reports coming to a running server, and staff working on them."""

from demo.live.running import Live, run_live

__all__ = ["Live", "run_live"]
