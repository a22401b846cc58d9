"""Filled 监控表 and 自评表 of the sample units, one of each layout."""

from __future__ import annotations

from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.hosts.sample import FORM
from jixiao_xl.hosts.sample_results import sample_result
from jixiao_xl.model.facts import Filing
from jixiao_xl.operations import form_named

MONITORING, GENERAL, HUBEI, SICHUAN = LAYOUTS = (
    "mof.dept_monitoring", "mof.dept_evaluation", "hubei.dept_evaluation", "sichuan.dept_evaluation",
)  # fmt: skip
EVALUATIONS = LAYOUTS[1:]
TRAINING = "annual_indicators[履职效能/技能培训/开展技能培训场次]"


def result_of(layout: str, n: int = 3, year: int = 2025) -> Filing:
    """The sound 监控表 or 自评表 of a sample unit."""
    return sample_result(form_named(layout), form_named(FORM), n, year)


def spec_named(layout: str) -> FormSpec:
    return form_named(layout)
