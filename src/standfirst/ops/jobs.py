"""The jobs that rooms put aside (django-tasks), run at least once, one after the other."""

from __future__ import annotations

import datetime as dt
import logging
import threading

from django.db import close_old_connections
from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max

log = logging.getLogger("standfirst.ops.jobs")

# A job during which the process ended this often is set aside: perhaps the job is what ends it.
ATTEMPTS = 5
KEEP_FINISHED_DAYS = 7


class EndedMidway(Exception):
    """What a job is marked with that never came to an end in ATTEMPTS attempts."""


def jobs_put_back() -> int:
    """Put jobs that were running when the last background process ended back into the queue.

    Call it only where no other background process can be running (it holds the lock). Returns how many.
    """
    back = 0
    for job in DBTaskResult.objects.running():
        if len(job.worker_ids) >= ATTEMPTS:
            job.set_failed(EndedMidway(f"The background process ended during this job {ATTEMPTS} times."))
            log.error("Job %s was set aside: the background process ended during it %s times.", job.task_path, ATTEMPTS)
            continue
        DBTaskResult.objects.filter(pk=job.pk).update(status=TaskResultStatus.READY)
        back += 1
    return back


def job_next_at() -> dt.datetime | None:
    """The moment at which the next job that was put off becomes due; None when there is none."""
    later = DBTaskResult.objects.filter(status=TaskResultStatus.READY).exclude(run_after=get_date_max())
    return later.order_by("run_after").values_list("run_after", flat=True).first()


def jobs_prune() -> int:
    """Forget finished jobs after a week; failed ones after four."""
    now = timezone.now()
    done, _ = (
        DBTaskResult.objects.successful().filter(finished_at__lt=now - dt.timedelta(days=KEEP_FINISHED_DAYS)).delete()
    )
    failed, _ = (
        DBTaskResult.objects.failed().filter(finished_at__lt=now - dt.timedelta(days=4 * KEEP_FINISHED_DAYS)).delete()
    )
    return done + failed


class JobRunner:
    """Runs everything that is ready, then returns. `stop` lets the job in hand finish and starts no other."""

    def __init__(self, worker_id: str) -> None:
        self._worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=default_task_backend.alias,
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.stopping = threading.Event()

    @property
    def finished(self) -> int:
        return self._worker._run_tasks

    def stop(self) -> None:
        self.stopping.set()
        self._worker.running = False

    def run_ready(self) -> None:
        try:
            # A plain look first: the worker's own look-up locks the database for a moment.
            if not self.stopping.is_set() and DBTaskResult.objects.ready().exists():
                self._worker.run()
        finally:
            close_old_connections()
