"""Lists of people: Patreon's and others' patrons, Ghost's members, our own file."""
