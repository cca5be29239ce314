"""What README.txt in an export tells a stranger who knows nothing of Standfirst."""

from __future__ import annotations

_TEXT = """\
{name}: an export of the whole newsroom, made by Standfirst
{line}

{scope}

Everything here is text in UTF-8, JSON, CSV or HTML, and pictures and files as they are. No program of ours is needed.

manifest.json      what this is: format and its version, when it was made, how much of each kind
SHA256SUMS         the digest of every other file; check all of them with: sha256sum -c SHA256SUMS
site/              the paper as plain files, every page with its pictures and styles. Put the folder at the root of any
                   web server, or try it: python3 -m http.server --directory site
                   Forms and the search need a running newsroom. Feeds (feed/atom, feed/rss, feed/json) have no ending;
                   tell your server their types. Old addresses are in redirects.csv
stories/           every public story at its address: .json with all of it, .html to be read by itself
                   "body" is the text in blocks; in rich text, a link such as <a linktype="page" id="12"> is explained
                   under "links"
versions/          every public version of every story, byte for byte as it was frozen when it was published. To check
                   one, take "salt" and "digest" from the story's .json:
                   (printf SALT | xxd -r -p; cat FILE) | sha256sum
corrections.json   the log of corrections, as far as its stories are in here
record.jsonl       the record of all versions and corrections: a chain, an entry a line, in which each holds the hash of
                   the one before. "hash" is the SHA-256 of the other six as JSON with sorted keys and no white space
months.json        the folders the stories lie in at the desk
media/pictures/    {pictures}
media/files/       files that stories offer, each with a .json
people.json        the names the paper prints, with their texts in every language
sections.json, kinds.json, tags.json
                   the parts of the paper, the kinds of story, the subjects
standing-pages/    about, privacy and the like, by language: .json and .html
fronts.json        how the home pages are arranged
masthead.json      name, colours, links and words of the frame
redirects.csv      old addresses and where they lead; redirects.json the same for reading back
newsroom.json      name, address, languages and time zone of the paper
{private}
All times are in UTC. A "translation_key" is the same for one story in all its languages. Numbers ("id") are those of
the newsroom and stay the same from export to export.

Not in here: letters from readers, passwords and keys, comments and older working copies of the desk, who read what, and
texts that were withheld.

To make a newsroom of it again:
    standfirst new
    standfirst import export THIS-FOLDER
"""

_PUBLIC = "It holds what is public, so it may be put anywhere. Drafts, withdrawn stories and accounts are not in it."
_PRIVATE = (
    "IT HOLDS MORE THAN IS PUBLIC: drafts, withdrawn stories, original pictures with all that cameras wrote into\n"
    "them, and the accounts of the desk. Keep it to yourselves."
)
_PICTURES = (
    "pictures that readers can see, each with a .json: credit, licence, rights, description, focal point.\n"
    "                   Place, device and everything else that cameras write into a file was taken out"
)
_ORIGINALS = (
    "every picture as it was handed in, each with a .json: credit, licence, rights, description, focal\n"
    "                   point. The files may hold the place and the device; do not publish them"
)
_MORE = """\
drafts/            what is not public: drafts, scheduled and withdrawn stories, changes that are not out yet
accounts.json      who may open the desk, by role; no passwords
"""


def readme(name: str, *, private: bool) -> str:
    title = f"{name}: an export of the whole newsroom, made by Standfirst"
    return _TEXT.format(
        name=name,
        line="=" * len(title),
        scope=_PRIVATE if private else _PUBLIC,
        pictures=_ORIGINALS if private else _PICTURES,
        private=_MORE if private else "",
    )
