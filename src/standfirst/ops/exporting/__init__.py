"""`standfirst export DIR`: the whole newsroom in open files."""
