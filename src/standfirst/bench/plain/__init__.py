"""A plain Wagtail article page, as a site built by the tutorial would have it: what a story is measured against."""
