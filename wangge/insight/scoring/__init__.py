"""Scores: rates and bands with weights, and grades. The rules are data; these are the shipped ones."""
