"""Where long words may be parted."""

import pytest

from standfirst.kit.syllables import SOFT_HYPHEN, part_long_words


@pytest.mark.parametrize(
    ("word", "parted"),
    [
        ("Електропостачальники", "Елект-ро-пос-та-чаль-ники"),
        ("північнокорейських", "північ-но-ко-рейських"),
        ("Звинувачення", "Звину-ва-чення"),
        ("відокремлюватися", "відок-рем-лю-ва-тися"),
        ("розповсюджувати", "розпов-сюджу-вати"),
        ("кукурудзозбиральний", "кукурудзоз-би-ральний"),
        ("пам’ятникознавство", "пам’ят-ни-коз-навство"),
        ("опорно-рухового", "опорно-рухового"),
        ("попередили", "попередили"),
        ("ДЕРЖАВТОІНСПЕКЦІЯ", "ДЕРЖАВТОІНСПЕКЦІЯ"),
        ("internationalization", "internationalization"),
        ("", ""),
    ],
)
def test_a_long_word_may_be_parted_between_its_syllables(word, parted):
    assert part_long_words(word).replace(SOFT_HYPHEN, "-") == parted


def test_nothing_else_of_a_text_changes():
    text = "Генсек ООН застеріг: «Електропостачальники» попередили 12 000 000 000 людей & <b>"

    assert part_long_words(text).replace(SOFT_HYPHEN, "") == text
    assert part_long_words(part_long_words(text)) == part_long_words(text)
