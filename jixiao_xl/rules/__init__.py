"""Judging one filing: facts in, findings out."""

from jixiao_xl.rules import (
    agreement,
    basis,
    belonging,
    budget,
    cells,
    challenge,
    completeness,
    directions,
    evaluation,
    execution,
    funds,
    goals,
    grades,
    linkage,
    measured,
    naming,
    numbering,
    outcomes,
    periods,
    placement,
    prior_year,
    projects,
    repeats,
    schedule,
    texts,
    units,
    values,
    wording,
)

ALL = (
    cells, completeness, funds, schedule, prior_year, budget, values, grades, directions, units, basis, placement, naming, repeats, agreement, challenge, linkage, measured, texts, belonging, numbering, periods, wording, goals, projects, execution, outcomes, evaluation
)  # fmt: skip
"""The rule modules, in the order of the phases; importing them registers their rules."""
