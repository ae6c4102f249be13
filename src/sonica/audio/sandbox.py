"""`listen` in processes that may die alone: a decoder that crashes or hangs costs one file, no more.

Files from anywhere are decoded by a large library in C. A few processes of our own, started afresh so that
they share nothing with this one, do it one file at a time; one that dies, hangs or takes too much memory is
replaced. Fingerprints and tags come back, and samples only where they are asked for.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pydantic import TypeAdapter

from sonica.audio.errors import AudioError
from sonica.audio.limits import BROADCAST, ENDLESS, LIMITS, Limits
from sonica.audio.sound import Heard, Stream
from sonica.audio.wire import Channel, Reply, Request, SilenceError
from sonica.platform import programs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORKER = programs.module("sonica.audio.worker")
"""The program of a process; it is given the descriptor of its socket as an argument."""

FILES_EACH = 500
"""Files after which a process is replaced: what a library leaks stays small."""

START_S = 60
"""Seconds in which a process must be ready."""

_REPLIES = TypeAdapter(Reply)


class Live:
    """A process that is given encoded sound while it is made. One thread writes, another takes the sound."""

    def __init__(self, pipe: int, begin: Callable[[], Stream]) -> None:
        self._pipe: int | None = pipe
        self._lock = threading.Lock()
        self.begin = begin
        """Waits until it is known what comes, and gives its sound. Raises AudioError, as do the blocks."""

    def write(self, data: bytes) -> None:
        """Gives it all of `data`, as fast as it takes it. Raises OSError where it takes no more."""
        with self._lock:
            while data:
                if self._pipe is None:
                    raise BrokenPipeError
                data = data[os.write(self._pipe, data) :]

    def end(self) -> None:
        """No more is written."""
        with self._lock:
            pipe, self._pipe = self._pipe, None
        if pipe is not None:
            os.close(pipe)


class Sandbox:
    """Up to `workers` processes (one a core) that decode. Safe to use from several threads at once.

    They are started when they are needed and kept until `close`; should this process be killed, they
    end by themselves. `program`: what to start, for tests.
    """

    def __init__(self, workers: int | None = None, *, program: Sequence[str] = WORKER) -> None:
        self._program = tuple(program)
        self._slots = threading.BoundedSemaphore(workers or len(os.sched_getaffinity(0)))
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()
        self._is_closed = False
        self._warming: threading.Thread | None = None

    def warm(self) -> None:
        """Begins to start a process, so that the first file waits for less; errors come with that file."""
        self._warming = threading.Thread(target=self._start_one, name="sonica-warm")
        self._warming.start()

    def _start_one(self) -> None:
        with suppress(AudioError):
            process = _Process(self._program)
            with self._lock:
                self._busy.add(process)
            self._give_back(process)

    def listen(
        self,
        path: str | os.PathLike[str],
        limits: Limits = LIMITS,
        *,
        first: float | None = None,
        with_cover: bool = False,
    ) -> Heard:
        """`sonica.audio.listen`, in one of the processes.

        Raises AudioError, also for a file that the decoder crashes or hangs on, and RuntimeError once
        the sandbox is closed.
        """
        request = Request(path=_asked(path), limits=limits, first=first, with_cover=with_cover)
        with self._slots:
            # What a process dies of may be left from a file before: only a fresh one's word counts.
            reply = self._ask(request, fresh=False) or self._ask(request, fresh=True)
        if reply is None or reply.heard is None:
            raise _error(reply)
        return reply.heard

    @contextmanager
    def open_stream(
        self,
        path: str | os.PathLike[str],
        limits: Limits = BROADCAST,
        *,
        first: float | None = None,
        rate: int | None = None,
    ) -> Iterator[Stream]:
        """`sonica.audio.open_stream`, in a process for this file alone that is none of the `workers`.

        It decodes no further ahead than a few blocks, whatever the file's length, and ends with the `with`.
        `rate`: to have the samples at this rate (Hz). Raises as `listen` does, from here or from the blocks.
        """
        request = Request(path=_asked(path), limits=limits, first=first, as_stream=True, rate=rate)
        process = self._take(fresh=True)
        try:
            with self._telling(request):
                reply = process.ask(request)
            if reply.rate is None:
                raise _error(reply)
            yield Stream(reply.rate, self._blocks(process, request), reply.seconds)
        finally:
            process.is_well = False  # it may be in the midst of the file
            self._give_back(process)

    @contextmanager
    def open_live(self, patience: int) -> Iterator[Live]:
        """Sound that is fetched here and decoded in a process of its own, for as long as it comes.

        `patience`: seconds without another piece of sound after which the process counts as hung. It needs
        no network: bytes go in by a pipe, and samples come out. Raises AudioError.
        """
        limits = replace(ENDLESS, stalled_seconds=patience)
        theirs, ours = os.pipe()
        live: Live | None = None
        try:
            request = Request(path=b"", limits=limits, as_stream=True, descriptor=theirs)
            process = self._take(fresh=True, pipe=theirs)
            os.close(theirs)
            live = Live(ours, lambda: self._begun(process, request))
            try:
                with self._telling(request):
                    process.send(request)
                yield live
            finally:
                process.is_well = False
                self._give_back(process)  # first: whoever writes goes on
        finally:
            if live is not None:
                live.end()
            else:
                os.close(theirs)
                os.close(ours)

    def _begun(self, process: _Process, request: Request) -> Stream:
        """The sound of a process that was asked for it. Raises AudioError."""
        with self._telling(request):
            reply = process.reply(request)
        if reply.rate is None:
            raise _error(reply)
        return Stream(reply.rate, self._blocks(process, request))

    def _blocks(self, process: _Process, request: Request) -> Iterator[NDArray[np.float32]]:
        while True:
            with self._telling(request):
                block = process.next_block(request)
            if isinstance(block, Reply):
                raise _error(block)
            if len(block) == 0:
                return
            yield block

    def _ask(self, request: Request, *, fresh: bool) -> Reply | None:
        """What a process makes of the request; None when one died that had heard other files before."""
        process = self._take(fresh=fresh)
        try:
            with self._telling(request):
                return process.ask(request)
        except AudioError as error:
            if error.code == "crashed" and process.answered:
                return None
            raise
        finally:
            self._give_back(process)

    @contextmanager
    def _telling(self, request: Request) -> Iterator[None]:
        """The end of a process as an AudioError about the file."""
        try:
            yield
        except _DeadError as died:
            if self._is_closed:
                raise RuntimeError("the sandbox was closed") from None
            raise AudioError("crashed", f"The decoder crashed on this file ({died}).") from None
        except SilenceError:
            seconds = request.limits.stalled_seconds
            raise AudioError("time", f"The decoder came no further for {seconds:,} seconds.") from None

    def _take(self, *, fresh: bool, pipe: int | None = None) -> _Process:
        with self._lock:
            warming, self._warming = self._warming, None
        if warming:
            warming.join()
        with self._lock:
            if self._idle and not fresh:
                process = self._idle.pop()
                self._busy.add(process)
                return process
        process = _Process(self._program, pipe)
        with self._lock:
            self._busy.add(process)
            if not self._is_closed:
                return process
        self._give_back(process)
        raise RuntimeError("the sandbox is closed")

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            self._busy.discard(process)
            if process.is_well and process.answered < FILES_EACH and not self._is_closed:
                self._idle.append(process)
                return
        process.end()

    def close(self) -> None:
        """Ends all processes, also those that are at work: whoever waits for one gets RuntimeError."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
            warming, self._warming = self._warming, None
        if warming:
            warming.join()
        for process in busy:
            process.kill()
        for process in idle:
            process.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _DeadError(Exception):
    """A process is gone, or talks nonsense; the message says how it ended."""


class _Process:
    """A process, and the connection to it."""

    def __init__(self, program: Sequence[str], pipe: int | None = None) -> None:
        """Starts one, which has the descriptor `pipe`, and waits until it is ready.

        Raises AudioError (`no_process`).
        """
        self.answered = 0
        self.is_well = False
        """Whether it waits for a request, as far as one knows."""
        try:
            # One that was begun early has no pipe.
            running = programs.start(program) if pipe is None else programs.start_with(program, pipe)
        except OSError as error:
            raise _not_started(str(error.strerror)) from error
        self._process, self._channel = running.process, Channel(running.connection)
        try:
            self._reply(START_S)
        except (EOFError, ValueError, SilenceError) as error:
            said = "it was not ready in time" if isinstance(error, SilenceError) else self._how_it_ended()
            self.end()
            raise _not_started(said) from error
        except BaseException:
            self.end()
            raise
        self.is_well = True

    def ask(self, request: Request) -> Reply:
        """The reply to `request`. Raises _DeadError and SilenceError."""
        self.send(request)
        return self.reply(request)

    def send(self, request: Request) -> None:
        """Asks, and does not wait. Raises _DeadError."""
        self.is_well = False
        try:
            self._channel.send(request)
        except OSError:
            raise _DeadError(self._how_it_ended()) from None

    def reply(self, request: Request) -> Reply:
        """The reply to `request`, which was sent. Raises _DeadError and SilenceError."""
        try:
            while True:
                reply = self._reply(request.limits.stalled_seconds)
                if reply.heard or reply.problem or reply.rate:
                    break
        except (EOFError, OSError, ValueError):
            raise _DeadError(self._how_it_ended()) from None
        self.is_well = True
        self.answered += 1
        return reply

    def next_block(self, request: Request) -> NDArray[np.float32] | Reply:
        """The next samples of a stream, or what is wrong instead. Raises _DeadError and SilenceError."""
        try:
            reply = self._reply(request.limits.stalled_seconds)
            return self._channel.receive_block(request.limits.stalled_seconds) if reply.is_block else reply
        except (EOFError, OSError, ValueError):
            raise _DeadError(self._how_it_ended()) from None

    def _reply(self, patience: int) -> Reply:
        """The next one. Raises as `Channel.receive` does, and ValueError for what is none."""
        return _REPLIES.validate_json(self._channel.receive(patience))

    def _how_it_ended(self) -> str:
        """Why there is no sense to be had from it any more."""
        try:
            status = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return "it talked nonsense"
        try:
            return signal.Signals(-status).name if status < 0 else f"exit status {status}"
        except ValueError:  # a real-time signal, which has no name
            return f"signal {-status}"

    def kill(self) -> None:
        """Ends it at once; whoever waits for its reply goes on."""
        self._process.kill()
        self._channel.shut()

    def end(self) -> None:
        """Ends it and leaves nothing behind. Nobody may be waiting for its reply."""
        self.kill()
        self._process.wait()
        self._channel.close()


def _asked(path: str | os.PathLike[str]) -> bytes:
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100  links stay: the name may be the title


def _not_started(reason: str) -> AudioError:
    return AudioError("no_process", f"The process that decodes audio could not be started ({reason}).")


def _error(reply: Reply | None) -> AudioError:
    """The error that a process told of."""
    if reply is None or reply.problem is None:
        return AudioError("crashed", "The decoder failed on this file.")
    problem = reply.problem
    return AudioError(problem.code, problem.message, problem.hint)
