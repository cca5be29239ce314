"""The public record on pages: the log, its entries, and every version of a story."""
