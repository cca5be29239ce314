"""The demo newsroom: a small invented paper, The Lantern, with its staff, pictures and stories.

``builder.demo_build`` fills an empty newsroom; ``reading`` reads what lies in ``content/`` and ``pictures/``;
``markup`` says how a story is written down; ``draw`` is where the pictures come from.
"""
