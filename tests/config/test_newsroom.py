"""Settings: the environment goes before the file, and a wrong value is one whole sentence."""

import sqlite3

import pytest
from django.db.utils import ConnectionHandler

from standfirst.config.newsroom import NewsroomError, NoNewsroom, WrongSetting, django_database, load

KEY = "k" * 50


def write(folder, **values):
    lines = [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in values.items()]
    (folder / "standfirst.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_small_file_is_enough(tmp_path):
    newsroom = load(write(tmp_path, secret_key=KEY), {})

    assert newsroom.languages == ("en",)
    assert newsroom.database_file == tmp_path / "data" / "standfirst.sqlite3"
    assert newsroom.originals != newsroom.renditions
    assert not newsroom.is_public


def test_the_environment_goes_before_the_file(tmp_path):
    write(tmp_path, secret_key=KEY, language="en", base_url="https://old.example")

    newsroom = load(
        tmp_path,
        {"STANDFIRST_BASE_URL": "https://News.Example/", "STANDFIRST_LANGUAGES": "uk, en", "STANDFIRST_LANGUAGE": "uk"},
    )

    assert newsroom.base_url == "https://news.example"
    assert newsroom.languages == ("uk", "en")
    assert newsroom.is_public


def test_the_first_language_is_always_first(tmp_path):
    newsroom = load(write(tmp_path, secret_key=KEY, language="uk", languages=["en", "uk"]), {})

    assert newsroom.languages == ("uk", "en")


@pytest.mark.parametrize(
    ("key", "value", "instead"),
    [
        ("base_url", "news.example", "Use scheme and host alone, such as https://news.example."),
        ("base_url", "https://news.example/paper", "Use scheme and host alone"),
        ("language", "English", "Use a language code in small letters"),
        ("time_zone", "Kyiv", "Use a name of the tz database"),
        ("time_zone", "/etc/passwd", "Use a name of the tz database"),
        ("database_url", "mysql://u:secret@h/n", "postgres://user:password@host:5432/name"),
        ("mail_url", "http://u:secret@h", "smtp://user:password@host:587"),
        ("media_store", "s4://pages", "Use a folder"),
        ("trusted_proxies", ["everyone"], "Use addresses or networks"),
        ("secret_key", "short", "at least 50 random characters"),
        ("colour", "red", "No setting has that name"),
        ("languages", 3, 'Write it as a list of texts, such as ["en", "uk"].'),
    ],
)
def test_a_wrong_value_names_the_setting_and_what_would_be_right(tmp_path, key, value, instead):
    write(tmp_path, **{"secret_key": KEY, key: value})

    with pytest.raises(WrongSetting) as refusal:
        load(tmp_path, {})

    assert str(refusal.value).startswith(f"{key} is ")
    assert instead in str(refusal.value)
    assert "secret@" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_no_newsroom_and_broken_toml_are_sentences(tmp_path):
    with pytest.raises(NoNewsroom, match="There is no newsroom in"):
        load(tmp_path, {})
    (tmp_path / "standfirst.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(NewsroomError, match="cannot be read as TOML"):
        load(tmp_path, {})


def test_a_postgres_address_becomes_djangos_settings(tmp_path):
    newsroom = load(write(tmp_path, secret_key=KEY, database_url="postgres://ed:p%40ss@db:5433/paper"), {})

    database = django_database(newsroom)

    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", "5433", "paper")
    assert (database["USER"], database["PASSWORD"]) == ("ed", "p@ss")


def test_secrets_are_not_in_the_repr(tmp_path):
    newsroom = load(write(tmp_path, secret_key=KEY, database_url="postgres://u:hidden@h/n"), {})

    assert KEY not in repr(newsroom)
    assert "hidden" not in repr(newsroom)


def test_no_empty_database_is_laid_where_the_newsrooms_has_gone(tmp_path):
    newsroom = load(write(tmp_path, secret_key=KEY), {})
    newsroom.data.mkdir()
    wrapper = ConnectionHandler({"default": django_database(newsroom)})["default"]

    with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
        wrapper.get_new_connection(wrapper.get_connection_params())
    assert list(newsroom.data.iterdir()) == []

    newsroom.database_file.touch()
    wrapper.get_new_connection(wrapper.get_connection_params()).close()


@pytest.mark.parametrize(
    ("values", "instead"),
    [
        ({"payments_sandbox": "yes", "base_url": "https://news.example"}, "The newsroom is public"),
        ({"payments_sandbox": "maybe"}, "Write yes or no."),
        ({"payments_stripe_secret_key": "sk_live_hidden"}, "Set all of stripe's keys, or none of them."),
        ({"payments_stripe_secret_key": "pk_live_hidden", "payments_stripe_webhook_secret": "whsec_hidden"}, "sk_ or"),
        ({"payments_stripe_address": "http://stripe.example"}, "begins with https://"),
        ({"payments_liqpay_algorithm": "md5"}, "Use sha1 or sha3-256."),
    ],
)
def test_wrong_keys_of_a_payment_company_are_refused_and_never_shown(tmp_path, values, instead):
    with pytest.raises(WrongSetting) as refused:
        load(write(tmp_path, secret_key=KEY, **values), {})

    assert instead in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_keys_of_payment_companies_do_not_stand_in_a_newsrooms_text(tmp_path):
    keys = {"payments_stripe_secret_key": "sk_live_hidden", "payments_stripe_webhook_secret": "whsec_hidden"}

    newsroom = load(write(tmp_path, secret_key=KEY, payments_sandbox="yes", **keys), {})

    assert (newsroom.payments.sandbox, newsroom.payments.stripe_secret_key) == (True, "sk_live_hidden")
    assert "hidden" not in repr(newsroom)
