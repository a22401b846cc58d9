"""What may be written in a cell, and what a person reads when it is selected."""

from __future__ import annotations

from jixiao_xl.forms.describe_results import hint_of
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Slot
from jixiao_xl.forms.spec import IndicatorTable, MoneyTable
from jixiao_xl.workbook.pages import Rule

JOIN_WORD = "接上段"


def rule_for(plan: FormPlan, block: BlockPlan, slot: Slot) -> Rule | None:
    """The validation of an entry, with the message that a selected cell shows."""
    table = block.block if isinstance(block.block, MoneyTable | IndicatorTable) else None
    title, hint = slot.label, slot.hint or (hint_of(plan, table.columns, slot) if table else "")
    if slot.role == "join":
        return Rule("list", (JOIN_WORD,), title="接上段", message="一段文字分在两行时，下一行选“接上段”。",
                    refusal="只能选“接上段”或留空。")  # fmt: skip
    if slot.choices:
        choices = plan.spec.choices[slot.choices]
        return Rule("list", choices.items, stop=choices.stop, title=title, message=hint or "从下拉列表中选择。",
                    refusal="请从下拉列表中选择，不要自己写。")  # fmt: skip
    if slot.content == "money":
        wanted = ("正数为增加，负数为减少，没有的填0。", "数字") if slot.signed else ("没有的填0。", "0或正数")
        return Rule("decimal", low="-99999999" if slot.signed else "0", high="99999999", title=title,
                    message=hint or f"填数字，单位万元；{wanted[0]}",
                    refusal=f"这里只能填{wanted[1]}，单位万元，不写文字、逗号。")  # fmt: skip
    if slot.content == "integer":
        return Rule("decimal", low="0", high="99999999", title=title, message=hint or "填整数。", refusal="这里只能填数字。")
    if slot.content == "points":
        return Rule("decimal", low="0", high="100", title=title, message=hint or "填分数，0到分值之间。",
                    refusal="这里只能填0到100的数字。")  # fmt: skip
    if slot.content == "percent":
        return Rule("decimal", low="0", high="1", title=title, message="填累计百分比，如 25%、100%。",
                    refusal="这里填0%到100%的百分数。")  # fmt: skip
    message = hint or ("定量填“≥95%”“≥23人”的样子，定性填“健全”这样的等级词。" if slot.content == "indicator" else "")
    return Rule("length", high=str(slot.max_chars), title=title, message=message or f"不超过{slot.max_chars}字。",
                refusal=f"最多{slot.max_chars}字，请写短一些或分行。")  # fmt: skip
