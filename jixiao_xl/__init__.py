"""jixiao_xl: 部门整体绩效目标申报表 as definitions, workbooks, findings, an archive and a city summary."""

__version__ = "0.2.0"
