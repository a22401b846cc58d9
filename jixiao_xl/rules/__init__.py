"""Judging one filing: facts in, findings out."""

from jixiao_xl.rules import cells, completeness, funds, schedule

ALL = (cells, completeness, funds, schedule)
"""The rule modules, in the order of the phases; importing them registers their rules."""
