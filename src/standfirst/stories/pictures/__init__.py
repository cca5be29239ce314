"""Pictures: what a file says about itself, the sizes readers get, and how a credit is said aloud.

`uses` lists every place a picture can stand and the renditions it needs there, `renditions` makes and stores
them, `showing` reads what is stored (one query for a page), `prefill` and `forms` take an upload in.
"""
