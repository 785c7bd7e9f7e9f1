"""Tasks: which jobs go to a render process together."""

import pytest

from affiche import steps


@pytest.mark.parametrize(
    ("sizes", "others", "expected"),
    [
        ((45, 5), 450, [50]),  # 50 locales, five of them from right to left: two bases with the same pictures, one task
        ((100, 5), 450, [35, 35, 35]),
        ((59,), 450, [59]),
        ((60,), 450, [30, 30]),
        ((100, 40), 450, [50, 50, 40]),
        ((12,), 0, [6, 6]),
        ((3,), 0, [3]),
    ],
)
def test_jobs_of_one_base_are_divided_evenly_and_never_leave_a_small_rest(monkeypatch, sizes, others, expected):
    monkeypatch.setattr(steps, "_key_of", lambda job: job)
    jobs = [("base", number) for number, size in enumerate(sizes) for _ in range(size)]
    jobs += [("other", number) for number in range(others)]
    made = [len(sheet) for sheet in steps._sheets(jobs, 2) if sheet[0][0] == "base"]
    assert made == expected
