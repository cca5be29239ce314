"""Measurements of single pages and parts, beside `standfirst bench`."""
