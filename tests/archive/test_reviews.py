"""审核 in the archive: states follow filings and reviewers, nothing is lost, illegal steps are told."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.reviews import (
    Change,
    Record,
    amend,
    conclusion_change,
    inclusion_change,
    opinion_change,
    reviews_for,
    state_change,
)
from jixiao_xl.archive.store import Archive
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.review import ASPECTS, GRADES, STATES, Arrival, Conclusion, Opinion, Review, Step, Subject, history_of
from jixiao_xl.rules.reviewing import review_words, step_refused
from tests.conftest import changed

SPEC = operations.form_named("hubei.dept_overall")
FILED = sample_filing(SPEC, 1, 2026)
SUBJECT = Subject(FILED.form, 2026, "declaration", FILED.unit.key)


@pytest.fixture
def archive(address: str) -> Archive:
    return Archive(address)


def standing(archive: Archive) -> Review:
    return reviews_for(archive, *SUBJECT[:3]).get(SUBJECT.unit_key, Review(SUBJECT.unit_key))


def decided(archive: Archive, state: str, by: str, why: str = "") -> None:
    amend(archive, SUBJECT, lambda record: [state_change(state, why, by, "2026-11-21", record.review.version)])


def test_a_filing_goes_from_not_filed_to_approved_with_who_and_when(archive: Archive) -> None:
    assert standing(archive).state == "未报"
    archive.deposit(FILED)
    assert (standing(archive).state, standing(archive).by) == ("已收", "接收登记")
    decided(archive, "退回修改", "审核人甲", "指标不细化")
    archive.deposit(replace(changed(FILED, {"annual_goal.text": "改好了。"}), revision=1))
    assert standing(archive).state == "重报"
    decided(archive, "审核通过", "审核人乙")
    decided(archive, "已批复", "批复人")
    history = standing(archive).history
    assert [step.state for step in history] == ["已收", "退回修改", "重报", "审核通过", "已批复"]
    assert [step.by for step in history] == ["接收登记", "审核人甲", "接收登记", "审核人乙", "批复人"]
    assert history[1].why == "指标不细化" and all(step.on for step in history)


def test_the_same_file_again_or_an_older_one_is_no_resubmission(archive: Archive) -> None:
    archive.deposit(replace(FILED, revision=1))
    decided(archive, "退回修改", "审核人甲", "改")
    archive.deposit(replace(FILED, revision=1))
    archive.deposit(changed(FILED, {"annual_goal.text": "更早的一稿。"}))
    assert standing(archive).state == "退回修改"


def test_a_version_after_the_passed_one_is_unseen(archive: Archive) -> None:
    archive.deposit(FILED)
    decided(archive, "审核通过", "审核人甲")
    assert not standing(archive).unseen
    archive.deposit(changed(FILED, {"annual_goal.text": "又改了。"}))
    assert standing(archive).state == "审核通过" and standing(archive).unseen


def test_opinions_conclusion_and_exclusion_are_kept_and_a_withdrawn_one_stays_history(archive: Archive) -> None:
    archive.deposit(FILED)
    said = Opinion("annual_goal.text", "年度目标", "B5", "写明产出数量。", "审核人甲", "2026-11-21", version=1, key="k1")
    grades = Conclusion("差", dict(zip(ASPECTS, ("中", "差", "差", "中"), strict=True)), "审核人甲", "2026-11-21")
    amend(archive, SUBJECT, lambda _: [
        opinion_change(said), conclusion_change(grades, 1), inclusion_change("不纳入", "目标不成立", "审核人甲", "2026-11-21", 1),
    ])  # fmt: skip
    review = standing(archive)
    assert review.opinions == (said,)
    assert review.conclusion == grades
    assert (review.included, review.included_by, review.included_why) == ("不纳入", "审核人甲", "目标不成立")
    record = amend(archive, SUBJECT, lambda _: [opinion_change(replace(said, text="", by="审核人乙"))])
    assert record.review.opinions == ()
    assert [each.change.value["text"] for each in record.noted if each.change.kind == "opinion"] == ["写明产出数量。", ""]


def test_reviewers_at_once_each_decide_on_what_the_one_before_wrote(archive: Archive) -> None:
    archive.deposit(FILED)

    def pass_once(record: Record) -> list[Change]:
        if record.review.state != "已收":
            return []
        return [state_change("审核通过", "", "审核人", "2026-11-21", 1)]

    clerks = [threading.Thread(target=amend, args=(archive, SUBJECT, pass_once)) for _ in range(8)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert [step.state for step in standing(archive).history] == ["已收", "审核通过"]


def test_what_was_filed_before_there_were_reviews_is_received() -> None:
    arrivals = [Arrival(1, 0, "2025-11-01"), Arrival(2, 1, "2025-11-09")]
    assert history_of(arrivals, []) == ((Step("已收", "接收登记", "2025-11-01", "", 1),), 2)


@pytest.mark.parametrize(
    ("now", "wanted", "why", "overall", "code", "advice"),
    [
        ("已收", "退回修改", "指标不细化", "", None, ""),
        ("已收", "退回修改", "", "", "REV102", "理由"),
        ("已收", "已批复", "", "", "REV101", "可以改为：退回修改、审核通过。"),
        ("已收", "重报", "", "", "REV101", "由接收登记自动产生"),
        ("未报", "审核通过", "", "", "REV101", "催报"),
        ("重报", "审核通过", "", "差", "REV103", "不得进入下一步预算安排"),
        ("重报", "审核通过", "", "良", None, ""),
        ("审核通过", "已批复", "", "", None, ""),
    ],
)  # fmt: skip
def test_a_step_is_allowed_or_refused_with_what_to_do(
    now: str, wanted: str, why: str, overall: str, code: str | None, advice: str
) -> None:
    refused = step_refused("示例单位01", now, wanted, why, overall)
    assert (refused.code if refused else None) == code
    assert refused is None or advice in refused.message() + refused.remedy()


def test_the_words_of_review_are_whole() -> None:
    words = review_words()
    assert tuple(aspect.name for aspect in words.aspect) == ASPECTS
    assert tuple(words.grades) == GRADES and tuple(words.states) == STATES
    assert all({step.from_, step.to} <= set(STATES) for step in words.step)
    assert all(step.source or step.inferred or step.who == "接收登记" for step in words.step), "each says where it is from"
    reached = {step.to for step in words.step}
    assert reached == set(STATES) - {"未报"}
