"""Fronts, standing pages and the masthead."""

from standfirst.fronts.models.masthead import Masthead, MastheadLink, MastheadText
from standfirst.fronts.models.pages import HomeBand, HomePage, HomeSecond, StandingPage

__all__ = ["HomeBand", "HomePage", "HomeSecond", "Masthead", "MastheadLink", "MastheadText", "StandingPage"]
