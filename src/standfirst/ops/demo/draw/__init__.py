"""The drawings of the demo newsroom, as code; ``python -m standfirst.ops.demo.draw`` makes the files."""
