import pytest

from governance.measures.units_written_out import units_written_out

PLAIN = {f"{100 + one}.5": 2 for one in range(60)}


def test_numbers_with_one_unit_written_out_are_told_with_the_number_alone():
    assert units_written_out(PLAIN | {"120.5 kg": 1, "131.0kg": 2}) == {"120.5 kg": "120.5", "131.0kg": "131.0"}


@pytest.mark.parametrize(
    "others", [{"0.12 kg": 3}, {"120 kg": 3, "130 g": 2}, {"120bis": 3}, {"120a": 1}, {"DNF": 4}, {}]
)
def test_other_units_codes_and_words_are_none(others):
    assert units_written_out(PLAIN | others) == {}
