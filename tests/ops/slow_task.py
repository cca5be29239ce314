"""A job that takes a while, for the tests of the background process."""

import os
import time
from pathlib import Path

from django_tasks import task


@task()
def mark_slowly() -> None:
    mark = Path(os.environ["STANDFIRST_NEWSROOM"]) / "data" / "mark.txt"
    with mark.open("a") as out:
        out.write("began\n")
    time.sleep(3)
    with mark.open("a") as out:
        out.write("ended\n")
