"""How a table of the 打印表 shares the width among its columns."""

from __future__ import annotations

from jixiao_xl.workbook.text_width import Wanted, chars_in, lines_of, shares, units_for


def test_spare_width_goes_to_the_column_with_most_lines() -> None:
    name, value, basis = Wanted(chars=24, least=3, weight=10), Wanted(10, 3, 10), Wanted(6, 3, 6)
    given = shares([name, value, basis], 14)
    assert sum(given) == 14
    assert given[0] == max(given)
    assert lines_of(24, given[0]) == 2


def test_two_years_side_by_side_stay_equally_wide() -> None:
    year = Wanted(chars=20, least=3, weight=10)
    given = shares([Wanted(7, 3, 4), Wanted(24, 3, 10), year, year, year, Wanted(6, 3, 6)], 26)
    assert sum(given) == 26
    assert len(set(given[2:5])) == 1


def test_more_columns_than_the_paper_takes_at_their_least_width_still_fill_it_exactly() -> None:
    assert shares([Wanted(8, 4, 8)] * 7, 26) == [3, 3, 4, 4, 4, 4, 4]


def test_a_label_gets_the_narrowest_cell_that_takes_it_on_one_line() -> None:
    assert all(chars_in(units_for(count)) >= count > chars_in(units_for(count) - 1) for count in range(2, 40))
