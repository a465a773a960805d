"""Names of people whatever language they are of, and what stands in columns that are called alike."""

import pytest

from governance.measures.column_evidence import kind_of_column

NAMES = {
    "Polish": "Agnieszka Bartosz Zofia Wojciech Małgorzata Grzegorz Bożena/Kowalczyk Wiśniewski Wójcik Zielińska Szymański Dąbrowska Mazur",
    "Yoruba and Igbo": "Chidi Ngozi Olumide Adaeze Emeka Folake Babatunde/Okafor Adeyemi Nwosu Balogun Eze Okonkwo Ogunleye",
    "Hungarian": "Kovács Szabó Tóth Nagy Horváth Varga Molnár/Zoltán Katalin Gergely Ágnes Ferenc Ildikó Réka",
    "Icelandic": "Sigurður Guðrún Ólafur Helga Þórir Ásta Hrafnhildur/Jónsdóttir Einarsson Gunnarsson Ólafsdóttir Magnússon Helgason Árnason",
    "Turkish": "Ayşe Emre Zeynep Hüseyin Burak Elif Serkan/Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın",
}
HONEST = {
    "driver": "Windows Printer|Linux Printer|Nvidia Geforce|Intel Graphics|Realtek Audio|Broadcom Wireless|Epson Scanner|Canon Scanner|Generic Keyboard",
    "contact": "Phone|By Mail|In Person|Web Chat|Early Afternoon|Late Evening|Front Desk|Help Line|Sales Office|Press Office",
    "client": "Acme Holdings Ltd|Globex Corporation|Initech Inc|Blue Ocean Partners|Northern Light Media|Iron Bridge Software|Summit Peak Capital|Red Rock Logistics",
    "teacher": "Linear Model|Random Forest|Decision Tree|Gradient Boosting|Naive Bayes|Neural Network|Elastic Net|Gaussian Process",
    "author": "World Bank|Red Cross|Pew Research|Oxfam International|Fraunhofer Institute|Gallup Poll|Census Bureau|Federal Reserve",
    "reviewer": "Security Team|Legal Department|Code Owners|Ethics Board|Audit Committee|Peer Panel|Design Office|Senior Editor",
    "submitted_by": "Web Form|Mobile App|Batch Upload|Field Office|Service Account|Import Script|Partner Portal|Test Harness",
    "nurse": "Early Shift One|Early Shift Two|Late Shift One|Late Shift Two|Night Shift One|Night Shift Two|Swing Shift One|Swing Shift Two",
    "patient": "P-001|P-002|P-003|P-004|P-005|P-006|P-007|P-008|P-009|P-010",
}


def kind(name, values):
    found = kind_of_column(name, sorted(values), words=True, number=False)
    return found[0].kind if found else None


@pytest.mark.parametrize(
    "name", ["patient", "teacher", "driver", "contact", "submitted_by", "attending", "Ansprechpartner"]
)
@pytest.mark.parametrize("language", NAMES)
def test_a_column_called_after_people_is_told_by_the_form_of_its_values(name, language):
    first, last = (words.split() for words in NAMES[language].split("/"))
    pairs = [(one, other) for place, one in enumerate(first) for other in (last[place], last[place - 2])]
    assert kind(name, [f"{one} {other}" for one, other in pairs]) == "person_name"
    assert kind(name, [f"{other}, {one}" for one, other in pairs]) == "person_name"
    assert kind(name, [f"Dr. {other}" for other in [*first, *last]]) == "person_name"
    assert kind("variety", [f"{one} {other}" for one, other in pairs]) is None  # nothing says that they are people


@pytest.mark.parametrize("name", HONEST)
def test_what_is_no_name_stays_silent_in_a_column_called_after_people(name):
    assert kind(name, HONEST[name].split("|")) is None


def test_a_value_that_says_what_the_column_is_called_is_a_kind_of_it():
    kinds = "Dry Wet Rolling Sliding Point Spring Gold Copper Edge".split()
    assert kind("contact", [f"{one} Contact{end}" for one in kinds for end in ("", f" {one}s")]) is None


def test_short_words_for_born_need_days_of_lives():
    born = [f"{1 + one % 28:02d}.{1 + one % 12:02d}.{1935 + one}" for one in range(60)]
    for name in ("geb", "Geburt", "ddn"):
        assert kind(name, born) == "date_of_birth"
        assert kind(name, [f"{1935 + one}-03-{1 + one % 28:02d}" for one in range(60)]) == "date_of_birth"
        assert (
            kind(name, [f"{1 + one % 28:02d}.03.{2021 + one % 3}" for one in range(60)]) is None
        )  # when something is due
        assert kind(name, [str(1935 + one) for one in range(60)]) is None  # years of building
        assert kind(name, [f"A{one}" for one in range(60)]) is None  # buildings
