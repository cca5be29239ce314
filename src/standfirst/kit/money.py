"""Money in minor units (cents, kopecks) with its ISO 4217 code. No fractions of a float anywhere."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

# ISO 4217: how many digits stand behind the point where it is not two.
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
_EXPONENTS = {
    **dict.fromkeys(_NONE.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
    **dict.fromkeys(_FOUR.split(), 4),
}
_ALL = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP
CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS
VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_ALL.split())
_SYMBOLS = {"UAH": "₴", "EUR": "€", "USD": "$", "GBP": "£", "PLN": "zł", "CZK": "Kč", "JPY": "¥"}
# More is not a pledge but a mistake of typing; it also keeps sums inside 63 bits.
LARGEST_MINOR = 10**11


class NotMoney(ValueError):
    """A text that is no amount, or one with more digits behind the point than its currency has."""


def exponent(currency: str) -> int:
    """How many digits a currency has behind the point. Raises NotMoney for a code that ISO 4217 does not have."""
    if currency not in CURRENCIES:
        raise NotMoney(f"{currency!r} is no currency of ISO 4217. Use three capital letters, such as UAH or EUR.")
    return _EXPONENTS.get(currency, 2)


def decimal_of(amount_minor: int, currency: str) -> Decimal:
    return Decimal(amount_minor).scaleb(-exponent(currency))


def plain(amount_minor: int, currency: str) -> str:
    """For machines: "5.00", "500" (JPY), "-5.000" (KWD)."""
    return f"{decimal_of(amount_minor, currency):f}"


def typed(amount_minor: int, currency: str) -> str:
    """As people type it into a form: "120", "4.50"."""
    whole, dot, rest = plain(amount_minor, currency).partition(".")
    return whole + (dot + rest if rest.strip("0") else "")


def for_people(amount_minor: int, currency: str, *, point: str = ".", group: str = "\u202f") -> str:
    """For people: "1 250 ₴", "4.50 €", "30 CHF". Digits behind the point only where they say something."""
    digits = plain(abs(amount_minor), currency)
    whole, _dot, rest = digits.partition(".")
    whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", group, whole) if len(whole) > 4 else whole
    said = whole + (point + rest if rest.strip("0") else "")
    return f"{'−' if amount_minor < 0 else ''}{said}\u00a0{_SYMBOLS.get(currency, currency)}"


def minor_of(text: str, currency: str) -> int:
    """The amount that a person or a bank wrote: "1 234,56", "1.234,56", "1,234.56", "−5", "5.00 UAH".

    The last point or comma is the decimal one, unless exactly three digits follow where the currency has fewer, or it
    occurs more than once. Raises NotMoney.
    """
    found = re.sub(r"[\s\u00a0\u202f'’_]", "", text.replace("−", "-").replace(currency, ""))
    found = re.sub(r"[₴€$£¥]|zł|Kč", "", found)
    sign, body = ("-", found[1:]) if found.startswith("-") else ("", found.removeprefix("+"))
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", body):
        raise NotMoney(f"{text!r} is no amount. Write it in figures, such as 150 or 4.50.")
    places = exponent(currency)
    at = max(body.rfind("."), body.rfind(","))
    if at >= 0:
        mark, behind = body[at], body[at + 1 :]
        is_group = body.count(mark) > 1 or (len(behind) == 3 and places != 3)
        whole, rest = (body, "") if is_group else (body[:at], f".{behind}")
        if not whole.isdigit() and not re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{2,3})*[.,]\d{3}", whole):
            raise NotMoney(f"{text!r} is no amount. Write it in figures, such as 150 or 4.50.")
        body = re.sub(r"[.,]", "", whole) + rest
    try:
        exact = Decimal(sign + body).scaleb(places)
    except InvalidOperation as error:
        raise NotMoney(f"{text!r} is no amount. Write it in figures, such as 150 or 4.50.") from error
    if exact != exact.to_integral_value():
        raise NotMoney(f"{text!r} has more digits behind the point than {currency}, which has {places}.")
    if abs(exact) > LARGEST_MINOR:
        raise NotMoney(f"{text!r} is more than we can take.")
    return int(exact)
