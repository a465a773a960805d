from governance.measures.acronyms import established, possible


def test_a_frequent_acronym_is_in_no_other_capitals_and_a_rare_one_may_be_short_for_something():
    counts = {"Surgery": 200, "Oncology": 100, "ICU": 90, "Icu": 4, "UNHCR": 30, "AT&T": 9, "ICU 2": 20, "USA": 2}
    odd = {value: value.title() for value in counts if value.isupper()} | {"MALE": "Male"}
    counts |= {"MALE": 9, "Male": 20, "OWL": 1, "TRAIN": 3}
    assert established(odd, counts) == {"ICU", "UNHCR", "AT&T", "ICU 2"}
    assert possible({"USA": "Usa", "MALE": "Male", "OWL": "Owl", "TRAIN": "Train"}, counts) == {"USA": "", "OWL": ""}
