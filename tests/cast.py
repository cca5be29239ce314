"""The standing cast: the same people in every test and in the demo newsroom.

An editor, a reporter, a patron, a reader, and a stranger with bad intent. The first two work at The Lantern
and have accounts; the others only ever come in by the front door.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    name_uk: str
    role: str = ""


EDITOR = Person("Olena Marchuk", "editor@lantern.example", "Олена Марчук", "editor")
REPORTER = Person("Danylo Horbach", "reporter@lantern.example", "Данило Горбач", "reporter")
ADMINISTRATOR = Person("Lesia Harmash", "administrator@lantern.example", "Леся Гармаш", "administrator")
PATRON = Person("Vira Stelmakh", "vira.stelmakh@readers.example", "Віра Стельмах")
READER = Person("Petro Hnatiuk", "petro.hnatiuk@readers.example", "Петро Гнатюк")
STRANGER = Person("Ostap Chuzhyi", "ostap@elsewhere.example", "Остап Чужий")

STAFF = (EDITOR, REPORTER, ADMINISTRATOR)
OUTSIDERS = (PATRON, READER, STRANGER)
