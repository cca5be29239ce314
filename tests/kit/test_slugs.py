"""Address parts: the official Ukrainian table, other scripts, lengths and reserved names."""

import pytest

from standfirst.kit.slugs import is_reserved, slugify_ascii, transliterate

# The examples printed in the table of resolution 55 (KMU-55), and the notes under it.
OFFICIAL = """
Алушта Alushta;Андрій Andrii;Борщагівка Borshchahivka;Борисенко Borysenko;Вінниця Vinnytsia;Володимир Volodymyr
Гадяч Hadiach;Богдан Bohdan;Згурський Zghurskyi;Ґалаґан Galagan;Ґорґани Gorgany;Донецьк Donetsk;Рівне Rivne
Олег Oleh;Есмань Esman;Єнакієве Yenakiieve;Гаєвич Haievych;Короп'є Koropie;Житомир Zhytomyr;Жанна Zhanna
Жежелів Zhezheliv;Закарпаття Zakarpattia;Казимирчук Kazymyrchuk;Медвин Medvyn;Михайленко Mykhailenko
Іванків Ivankiv;Іващенко Ivashchenko;Їжакевич Yizhakevych;Кадиївка Kadyivka;Мар'їне Marine
Йосипівка Yosypivka;Стрий Stryi;Олексій Oleksii;Київ Kyiv;Коваленко Kovalenko;Лебедин Lebedyn;Леонід Leonid
Миколаїв Mykolaiv;Маринич Marynych;Ніжин Nizhyn;Наталія Nataliia;Одеса Odesa;Онищенко Onyshchenko
Полтава Poltava;Петро Petro;Решетилівка Reshetylivka;Рибчинський Rybchynskyi;Суми Sumy;Соломія Solomiia
Тернопіль Ternopil;Троць Trots;Ужгород Uzhhorod;Уляна Uliana;Фастів Fastiv;Філіпчук Filipchuk;Харків Kharkiv
Христина Khrystyna;Біла_Церква Bila_Tserkva;Стеценко Stetsenko;Чернівці Chernivtsi;Шевченко Shevchenko
Шостка Shostka;Кишеньки Kyshenky;Щербухи Shcherbukhy;Гоща Hoshcha;Гаращенко Harashchenko;Юрій Yurii
Корюківка Koriukivka;Яготин Yahotyn;Ярошенко Yaroshenko;Костянтин Kostiantyn;Знам'янка Znamianka
Феодосія Feodosiia;Русь Rus;Згорани Zghorany;Розгон Rozghon
"""
PAIRS = [tuple(pair.split()) for line in OFFICIAL.split("\n") for pair in line.split(";") if pair.strip()]


@pytest.mark.parametrize(("ukrainian", "latin"), PAIRS)
def test_official_table_is_followed(ukrainian, latin):
    assert transliterate(ukrainian) == latin.lower()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Обʼєднання, об’єднання й об'єднання", "obiednannia-obiednannia-y-obiednannia"),
        ("Івано-Франківськ: «Яблуко»", "ivano-frankivsk-yabluko"),
        ("'Яблуко'", "yabluko"),
        ("UN chief: 12 000 troops — 40% more", "un-chief-12-000-troops-40-more"),
        ("Don’t stop", "dont-stop"),
        ("Łódź, Straße, Ærø, Škoda, naïve, İzmir", "lodz-strasse-aero-skoda-naive-izmir"),
        ("Привет, объём", "privet-obiom"),
        ("Ελλάδα", "ellada"),
        ("и\u0306од", "yod"),
        ("100\u00a0km", "100-km"),
        ("a\u00adb", "ab"),
        ("№5", "5"),
        ("½ price", "1-2-price"),
        ("  --a--  ", "a"),
    ],
)
def test_slugs_of_headlines(text, slug):
    assert slugify_ascii(text) == slug


@pytest.mark.parametrize("text", ["", "   ", "!!!", "«»", "🙂", "ь", "'"])
def test_a_slug_is_never_empty(text):
    assert slugify_ascii(text) == "story"
    assert slugify_ascii(text, fallback="story-12") == "story-12"


def test_a_long_headline_is_cut_at_a_word_end():
    slug = slugify_ascii("слово " * 40)

    assert slug == "-".join(["slovo"] * 16)
    assert slugify_ascii("word " * 40, max_length=14) == "word-word-word"
    assert slugify_ascii("word " * 40, max_length=13) == "word-word"
    assert slugify_ascii("x" * 300) == "x" * 100


@pytest.mark.parametrize("part", ["desk", "Desk", "feed", "page", "about", "api", "2024", ".well-known", "uk"])
def test_addresses_of_the_house_are_reserved(part):
    assert is_reserved(part, languages=["en", "uk"])


@pytest.mark.parametrize("part", ["politics", "world", "20244", "uk", "abouts"])
def test_other_addresses_are_free(part):
    assert not is_reserved(part)
