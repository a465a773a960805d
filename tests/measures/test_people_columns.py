import pytest

from governance.measures.people_columns import holds_people

GIVEN = "Anna Clara David Frieda Karl Lena Noah Oskar Paula Theo".split()
LAST = "Kuhn Novak Larsen Dubois Rossi Haddad Okafor Silva Brandt Keller".split()
PEOPLE = {f"{last}, {given}": 6 for given, last in zip(GIVEN * 3, LAST * 2 + LAST[::-1], strict=True)}
TOLD = {f"{given} {last}": 6 for given, last in zip(GIVEN, LAST, strict=True)}
CITIES = "San Diego|New York|Grand Rapids|Santa Rosa|Los Angeles|Saint Paul|Fort Worth|El Paso|Las Vegas|Long Beach|Baton Rouge|Salt Lake City"


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("author", PEOPLE),
        ("x7", PEOPLE),  # by their form
        ("director", TOLD),
        ("actor_1_name", TOLD),
        ("formTeacher", {f"Fr. {last}": 9 for last in LAST}),
        ("Klassenlehrerin", {f"Hr. {last}": 9 for last in LAST}),
        ("coach", dict.fromkeys(LAST, 9)),  # surnames alone
        ("écrivain", {"van der Berg, J. P.": 3, "O’Neil, Kate": 3, "De la Cruz, Juan": 2}),
        ("authors", {f"{one}; {other}": 1 for one, other in zip(PEOPLE, list(PEOPLE)[1:], strict=False)}),
        ("last_name", {"Anderson": 9, "Schuller": 8, "Okafor": 7}),
    ],
)
def test_columns_of_people_are_known_by_what_they_are_called_and_by_their_values(name, counts):
    assert holds_people(name, counts)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("owner", {"Government - Federal": 9, "Proprietary": 80, "Voluntary non-profit - Church": 40}),
        ("contact", {"cellular": 80, "telephone": 30, "unknown": 4}),
        ("contact", {"Phone": 80, "Email": 60, "Mail": 40} | {f"Phon{letter}": 1 for letter in "abcdfghijklm"}),
        ("client", {f"{last} GmbH": 9 for last in LAST}),
        ("director_id", {f"D{number}": 5 for number in range(40)}),
        ("editor", {"vim": 30, "emacs": 20, "nano": 9}),
        ("city", dict.fromkeys(CITIES.split("|"), 9)),
        ("product", {f"{one} {two}": 9 for one in ("Rye", "Plum", "Almond", "Spelt") for two in LAST}),
        ("title", TOLD | {f"{last} {given}": 3 for given, last in zip(GIVEN, LAST[::-1], strict=True)}),
        ("x7", {f"{saint} {given}": 4 for saint in ("San", "St.", "Santa") for given in GIVEN}),
        ("patient", {f"P{number:05d}": 5 for number in range(40)}),
    ],
)
def test_kinds_of_owners_places_and_products_are_no_people(name, counts):
    assert not holds_people(name, counts)
