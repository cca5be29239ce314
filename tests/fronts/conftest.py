from tests.printed import paper, printed

__all__ = ["paper", "printed"]
