from governance.measures.truth_words import spellings


def test_other_words_for_yes_and_no_are_written_as_the_usual_ones():
    counts = {"Yes": 50, "No": 40, "Y": 3, "N": 2, "TRUE": 2, "0": 1, "yes": 4}
    assert spellings(counts) == {"Y": "Yes", "N": "No", "TRUE": "Yes", "0": "No"}


def test_one_pair_of_words_is_one_spelling():
    assert spellings({"yes": 50, "no": 40}) == {}
    assert spellings({"Y": 5, "n": 4, "N": 30}) == {}
    assert spellings({"si": 50, "no": 40}) == {}


def test_letters_among_others_mean_something_else():
    assert spellings({"t": 50, "f": 40, "1": 9, "x": 30}) == {}  # not only words for true and false
    assert spellings({"1": 50, "yes": 40}) == {}  # nothing is false
    assert spellings({}) == {}
