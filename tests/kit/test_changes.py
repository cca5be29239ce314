"""What a difference between two published texts is, and what it is proposed to be called."""

import pytest

from standfirst.kit.anchoring import Passage
from standfirst.kit.changes import number, proposal, sentences


def offer(old, new, language="en"):
    return proposal([Passage("p-a", old)], [Passage("p-a", new)], language=language)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("He shaked hands with the mayor.", "He shook hands with the mayor."),
        ("The report was recieved badly.", "The report was received badly."),
        ("Thier dog barked.", "Their dog barked."),
        ("It opened on Monady.", "It opened on Monday."),
        ("The the bridge closed.", "The bridge closed."),
        ("He went to school.", "He went to the school."),
        ("It cost 1200 euros.", "It cost 1,200 euros."),
        ('He said "we will go home".', "He said “we will go home”."),
        ("It opened - at last.", "It opened — at last."),
        ("however, it rained.", "However, it rained."),
        ("Long-term plans failed.", "Long term plans failed."),
        ("Вони прийшли до дому.", "Вони прийшли додому."),
        ("Загинуло 12 000 людей.", "Загинуло 12000 людей."),
        ("Міст закрили — надовго.", "Міст закрили - надовго."),
        ("Об'єкт закрили.", "Обʼєкт закрили."),
    ],
)
def test_spelling_and_typography_are_a_typo(old, new):
    found = offer(old, new)

    assert (found.label, found.must_choose, found.note) == ("typo", False, "")


@pytest.mark.parametrize(
    ("old", "new", "facts"),
    [
        ("Two of nine bearings failed.", "Three of nine bearings failed.", ("number",)),
        ("It cost 1,200 euros.", "It cost 1,300 euros.", ("number",)),
        ("It fell by 5%.", "It fell by 15%.", ("number",)),
        ("It opened on Monday.", "It opened on Tuesday.", ("date",)),
        ("It opened on 3 May.", "It opened on 3 June.", ("date",)),
        ("Andri Melnyk said so.", "Andrii Melnyk said so.", ("name",)),
        ("Zelenski said it.", "Zelensky said it.", ("name",)),
        ("It lies in Kharkiv.", "It lies in Kherson.", ("name",)),
        ("The minister resigned.", "Ihor Klymenko resigned.", ("name",)),
        ("He said “we will go home”.", "He said “we will stay home”.", ("quotation",)),
        ("He said they would go.", "He said they “would go”.", ("quotation",)),
        ("The mayor agreed.", "The mayor never agreed.", ("negation",)),
        ("The mayor did agree.", "The mayor didn’t agree.", ("negation",)),
        ("The cause is known.", "The cause is unknown.", ("negation",)),
        ("Міст закрили у вівторок.", "Міст закрили у середу.", ("date",)),
        ("Загинуло 12 000 людей.", "Загинуло 11 000 людей.", ("number",)),
        ("Збитки склали 1,5 млн грн.", "Збитки склали 1,7 млн грн.", ("number",)),
        ("Це сталося 3 листопада.", "Це сталося 3 жовтня.", ("date",)),
        ("Андрій Мельник сказав це.", "Андрій Мельничук сказав це.", ("name",)),
        ("Мер сказав: «Ми їдемо».", "Мер сказав: «Ми йдемо».", ("quotation",)),
        ("Він не приїхав.", "Він приїхав.", ("negation",)),
        ("Причина відома.", "Причина невідома.", ("negation",)),
    ],
)
def test_a_fact_changed_in_a_published_sentence_makes_the_editor_choose(old, new, facts):
    found = offer(old, new)

    assert (found.label, found.must_choose, found.facts) == ("", True, facts)
    assert found.note


@pytest.mark.parametrize(
    ("old", "new", "label"),
    [
        ("It is closed.", "It is closed. It reopens next week.", "update"),
        ("It is closed.", "Traffic stands. It is closed.", "update"),
        ("The bridge was closed.", "The bridge over the Dnipro was closed.", "update"),
        ("They approved the plan quickly.", "They waved the plan through in haste.", "update"),
        ("It is recieved. So.", "It is received. So. More to come soon.", "update"),
        ("It is closed. It reopens soon.", "It is closed.", "clarification"),
        ("First comes one. Then comes another.", "Then comes another. First comes one.", "typo"),
    ],
)
def test_what_is_added_taken_away_or_moved_is_proposed_and_asks_nobody_to_choose(old, new, label):
    found = offer(old, new)

    assert (found.label, found.must_choose) == (label, False)


def test_the_note_repeats_the_error_only_as_far_as_needed_in_the_storys_language():
    old = "On the left bank, engineers said, two of nine bearings failed during the yearly inspection of the bridge."
    new = old.replace("two of", "three of")

    assert offer(old, new).note == "An earlier version said “two of nine”. It is “three of nine”."
    assert offer("Загинуло 12 людей.", "Загинуло 11 людей.", "uk").note == (
        "У попередній версії було: «Загинуло 12 людей». Правильно: «Загинуло 11 людей»."
    )


def test_nothing_changed_is_nothing_proposed():
    found = offer("It is closed.", "It is closed.")

    assert (found.label, found.must_choose, found.is_empty) == ("", False, True)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Brown came. He left.", 2),
        ("J. R. Smith came. He left.", 2),
        ("It cost 3 тис. грн. Потім подорожчало.", 2),
        ("На вул. Шевченка сталося це. О 5 год. ранку.", 2),
        ("“We go.” He went.", 2),
        ("What? No! Yes.", 3),
        ("It rose by 1.5 per cent. Then it fell.", 2),
    ],
)
def test_sentences_end_where_they_end(text, count):
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("1 200", "1,200", True),
        ("1\u202f200", "1200", True),
        ("1,5", "1.5", True),
        ("12.000", "12000", False),
        ("1,200.50", "1200.50", True),
    ],
)
def test_a_number_is_the_same_however_its_thousands_are_set_apart(one, other, is_same):
    assert (number(one) == number(other)) is is_same


def test_moved_paragraphs_are_an_order():
    one, two = Passage("p-a", "The bridge is closed."), Passage("p-b", "It reopens soon.")

    found = proposal([one, two], [two, one])

    assert (found.label, [change.kind for change in found.changes]) == ("typo", ["order"])


def test_a_long_rewritten_text_is_compared_quickly_enough_to_wait_for():
    sentence = "In the {}th year the council of the city number {} approved what engineer {} had drawn. "
    old = [Passage(f"p-{n}", "".join(sentence.format(n, m, n * m) for m in range(10))) for n in range(65)]
    new = [Passage(one.name, one.text.replace("council", "parliament")) for one in old]

    found = proposal(old, new)

    assert sum(len(one.text.split()) for one in old) > 10_000
    assert len(found.changes) == 650
