"""The command's run: clips found, engine tried while Ray starts, work done, end told."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from .node_engine import Launch, NodeEngine
from .pool import Needs
from .progress import Progress
from .run import Run
from .settings import BatchError, Recipe
from .sources import Clip, find_clips
from .target import Target, new_run_id
from .worker import Batch

# Of Ray's object store on one machine: clips go past it, only rows pass through.
STORE_BYTES = 80 << 20
INTERRUPTED = 130

T = TypeVar("T")


def run_batch(args: argparse.Namespace, recipe: Recipe, launch: Launch) -> int:
    """Returns the exit code: 0 where every clip was made or had been, 1 where some were refused,
    130 where Ctrl+C ended it, whatever it was at."""
    progress = Progress()
    run: Run | None = None
    cluster = Cluster(args)
    try:
        batch, clips = _prepare(args, recipe, launch, cluster)
        run = Run(batch, clips, progress, args.shards)
        return _work(run, launch, cluster)
    except KeyboardInterrupt:
        state = "nothing was begun, what was done before is kept"
        if run:
            progress.show(run.tally, last=True)
            state = f"{run.tally.done} of {run.tally.total} clips are done and kept"
        progress.say(
            f"Stopped: {state}. The same command goes on with the others:\n"
            f"  foretrack {shlex.join(sys.argv[1:])}"
        )
        return INTERRUPTED
    finally:
        cluster.stop()


class Cluster:
    """Ray, started once it is asked for."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.ray: Any = None
        # How many workers it may have; None: as many as it gives.
        self.limit: int | None = None

    def start(self) -> None:
        if self.ray is None:
            self.ray, self.limit = _start_ray(self.args)

    def stop(self) -> None:
        if self.ray is not None:
            self.ray.shutdown()


def _prepare(
    args: argparse.Namespace, recipe: Recipe, launch: Launch, cluster: Cluster
) -> tuple[Batch, list[Clip]]:
    """The batch and its clips, once the engine was tried. Where nothing was done before, there is
    something to do: Ray starts meanwhile."""
    clips = find_clips(args.sources)
    target = args.out if "://" in args.out else os.path.abspath(args.out)
    trial = _aside(lambda: _try_engine(launch, recipe))
    if clips and next(Target(target).store.list("table"), None) is None:
        cluster.start()
    description = trial.result()
    batch = Batch(
        run=new_run_id(),
        target=target,
        recipe=recipe,
        launch=launch,
        pack_identity=description["pack_identity"],
        retry_refused=args.retry_refused,
        reread=args.reread,
    )
    return batch, clips


def _aside(work: Callable[[], T]) -> Future[T]:
    """What `work` gives, on a thread that nothing waits for when the command is ended."""
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - told where the outcome is asked for
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return outcome


def _work(run: Run, launch: Launch, cluster: Cluster) -> int:
    """Everything made. Returns the exit code."""
    total, kept = run.tally.total, run.tally.kept
    run.progress.say(f"{total} clips, {kept} of them done before, into {run.batch.target}")
    if not run.tasks:
        run.target.beat(run.batch.run, ended=True)
        return 0
    cluster.start()
    tally = run.go(Needs(cpus=launch.threads, gpus=cluster.args.gpus), cluster.limit)
    run.progress.show(tally, last=True)
    return 1 if tally.failed else 0


def _try_engine(launch: Launch, recipe: Recipe) -> dict[str, Any]:
    """What is wrong with Node, the pack or an export's name is told before any worker starts."""
    engine = NodeEngine(launch)
    engine.close()
    for name in recipe.make:
        export = name.removeprefix("export:")
        if export != name and export not in engine.description["exports"]:
            known = ", ".join(engine.description["exports"])
            raise BatchError(f"There is no export {export!r}: give one of {known}")
    return engine.description


def _start_ray(args: argparse.Namespace) -> tuple[Any, int | None]:
    """Ray, and how many workers it may have; None: as many as it gives."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    common = {"log_to_driver": False, "logging_level": "warning", "namespace": "foretrack"}
    if args.address:
        ray.init(address=args.address, **common)
        return ray, args.workers
    cores = os.cpu_count() or 1
    workers = args.workers or max(1, cores // args.threads)
    context = ray.init(
        num_cpus=max(cores, workers * args.threads),
        object_store_memory=STORE_BYTES,
        include_dashboard=args.dashboard,
        **common,
    )
    if args.dashboard:
        print(f"Ray's dashboard: http://{context.dashboard_url}", file=sys.stderr)
    return ray, workers
