"""docs/formats/fingerprint.md as code: an encoder and decoders that know only that page and its tables.

Plain on purpose. What it and the engine agree on, to the bit, a stranger can write from the page.
"""

import itertools
import math
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Peak = tuple[int, int, int]
"""(time, frequency, rank)"""

PAGE = (Path(__file__).parents[1] / "docs" / "formats" / "fingerprint.md").read_text()
NUMBERS = {
    name: float(value) if set(value) & set(".e") else int(value)
    for name, value in re.findall(r"^\| `([A-Z_]+)` \| ([0-9.e-]+) \|", PAGE, re.MULTILINE)
}
"""The table of numbers."""
EXAMPLES = [bytes.fromhex(line) for line in re.findall(r"^ {4}((?:[0-9a-f]{2} *)+)$", PAGE, re.MULTILINE)]
"""A fingerprint, and two frames."""


def whole(name: str) -> int:
    number = NUMBERS[name]
    assert isinstance(number, int), name
    return number


WINDOW, N, HOP = whole("WINDOW"), whole("TRANSFORM"), whole("HOP")
POINTS = N // 2
LOG2 = [
    np.float32(text)
    for text in re.findall(r"-?0\.\d+", re.findall(r"^ {4}(0\.\d+ -.*)$", PAGE, re.MULTILINE)[0])
]


# --- samples to the log spectrum --------------------------------------------------------------------


def sin(x: F64) -> F64:
    n = np.trunc(x / math.pi + np.copysign(0.5, x))
    r = x - n * math.pi
    total = term = r
    for j in range(1, 14):
        term = term * (-(r * r) / (2 * j * (2 * j + 1)))
        total = total + term
    return np.where(n % 2 == 0, total, -total)


def cos(x: F64) -> F64:
    return sin(x + math.pi / 2)


def i0(x: F64) -> F64:
    q = x * x / 4
    total = term = np.ones_like(x)
    for j in range(1, 60):
        term = term * (q / (j * j))
        total = total + term
    return total


def resample(samples: F32, rate: int) -> F32:
    engine = whole("ENGINE_RATE")
    loud = np.float32(NUMBERS["LOUDEST"])
    heard = np.where(np.abs(samples) >= np.float32(1e-12), np.clip(samples, -loud, loud), np.float32(0))
    if rate == engine:
        return heard.astype(np.float32)
    divisor = math.gcd(engine, rate)
    up, down = engine // divisor, rate // divisor
    cutoff = NUMBERS["CUTOFF_HZ"] * float(rate) / engine if rate < engine else float(NUMBERS["CUTOFF_HZ"])
    slope = NUMBERS["SLOPE_HZ"] * cutoff / NUMBERS["CUTOFF_HZ"]
    taps = (int((NUMBERS["STOP_DB"] - 8) / (2.285 * 2 * math.pi * slope / rate)) // 32 + 1) * 32
    most = whole("MOST_TAPS") // taps
    if up > most:
        up, down = most, (down * most + up // 2) // up
    count = -(-len(samples) * up // down)
    places = np.arange(count, dtype=np.int64) * down
    phases, lines = np.unique(places % up, return_inverse=True)
    filters = taps_of(taps, phases, up, cutoff / rate).astype(np.float32)
    filters[np.abs(filters) < np.float32(1e-12)] = 0
    padded = np.concatenate([np.zeros(taps // 2 - 1, np.float32), heard, np.zeros(2 * taps, np.float32)])
    sums = np.zeros((32, count), np.float32)
    for t in range(taps):
        sums[t % 32] += padded[places // up + t] * filters[lines, t]
    v = sums[:16] + sums[16:]
    v = v[:8] + v[8:]
    made: F32 = ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]))
    return made


def taps_of(taps: int, phases: I64, up: int, cutoff: float) -> F64:
    """h, by phase and tap."""
    beta = np.array(0.1102 * (NUMBERS["STOP_DB"] - 8.7))
    half = taps / 2
    x = np.arange(taps) - (half - 1) - (phases / up)[:, None]
    e, angle = 1 - (x / half) * (x / half), 2 * math.pi * cutoff * x
    window = np.where(e > 0, i0(beta * np.sqrt(np.maximum(e, 0))) * (1 / i0(beta)), 0)
    sinc = np.divide(sin(angle), angle, where=x != 0, out=np.ones_like(x))
    taps_: F64 = 2 * cutoff * sinc * window
    return taps_


def log2(x: F32) -> F32:
    bits = x.view(np.uint32)
    y = ((bits & np.uint32(0x7FFFFF)) | np.uint32(0x3F800000)).view(np.float32) - np.float32(1.5)
    p = np.full_like(x, LOG2[0])
    for coefficient in LOG2[1:]:
        p = p * y + coefficient
    return p + ((bits >> np.uint32(23)).astype(np.int64) - 127).astype(np.float32)


Complex = tuple[F32, F32]


def times(x: Complex, k: I64) -> Complex:
    phase = 2 * math.pi * k / N
    cosine, sine = cos(phase).astype(np.float32), (-sin(phase)).astype(np.float32)
    c, s = cosine[:, None, None], sine[:, None, None]
    return x[0] * c - x[1] * s, x[0] * s + x[1] * c


def spectrum(sound: F32) -> I64:
    """S, by frame and bin."""
    count = (len(sound) - WINDOW) // HOP + 1 if len(sound) >= WINDOW else min(len(sound), 1)
    padded = np.concatenate([sound, np.zeros(WINDOW, np.float32)])
    table = (0.5 - 0.5 * cos(2 * math.pi * np.arange(WINDOW) / WINDOW)) * 4 / WINDOW
    frames = np.zeros((N, count), np.float32)
    frames[:WINDOW] = np.stack([padded[HOP * i : HOP * i + WINDOW] for i in range(count)], axis=1)
    frames[:WINDOW] *= table.astype(np.float32)[:, None]
    x: Complex = (frames[0::2], frames[1::2])
    for n, m in ((1024, 1), (256, 4), (64, 16), (16, 64), (4, 256)):
        # By (j, p, q, frame): the point q + m (p + j n/4).
        a, b, c, d = (tuple(part.reshape(4, n // 4, m, count)[j] for part in x) for j in range(4))
        even, odd = (a[0] + c[0], a[1] + c[1]), (b[0] + d[0], b[1] + d[1])
        apart, turned = (a[0] - c[0], a[1] - c[1]), (b[1] - d[1], np.float32(0) - (b[0] - d[0]))
        p = np.arange(n // 4) * (N // n)
        outputs = [
            (even[0] + odd[0], even[1] + odd[1]),
            times((apart[0] + turned[0], apart[1] + turned[1]), p),
            times((even[0] - odd[0], even[1] - odd[1]), 2 * p),
            times((apart[0] - turned[0], apart[1] - turned[1]), 3 * p),
        ]
        x = tuple(np.stack([out[part] for out in outputs], axis=1).reshape(POINTS, count) for part in (0, 1))  # type: ignore[assignment]
    z = x
    q = [part[(POINTS - np.arange(POINTS)) % POINTS] for part in z]
    half = np.float32(0.5)
    u = (z[0] + q[0]) * half, (z[1] - q[1]) * half
    v = ((z[1] + q[1]) * half)[:, None], ((q[0] - z[0]) * half)[:, None]
    turned_v = times(v, np.arange(POINTS))
    re, im = u[0] + turned_v[0][:, 0], u[1] + turned_v[1][:, 0]
    power = re * re + im * im + np.float32(NUMBERS["FLOOR"])
    steps: I64 = np.rint(log2(power) * np.float32(NUMBERS["LOG_STEPS"])).astype(np.int64).T
    return steps


# --- the log spectrum to peaks ----------------------------------------------------------------------


def peaks_of(s: I64) -> list[Peak]:
    frames = len(s)
    reach = (whole("WHITE_FRAMES"), whole("WHITE_BINS"))
    around = np.pad(s, [(r, r) for r in reach], mode="edge")
    for axis, r in enumerate(reach):
        total = np.cumsum(around, axis=axis)
        total = np.concatenate([np.zeros_like(total.take([0], axis)), total], axis=axis)
        size = 2 * r + 1
        last = total.shape[axis]
        around = total.take(range(size, last), axis) - total.take(range(last - size), axis)
    w = s * (2 * reach[0] + 1) * (2 * reach[1] + 1) - around
    found = candidates(w)
    edge = whole("UPPER_BAND_BIN")
    kept = []
    reach_of_rank = whole("RANK_FRAMES")
    for frame, bin_, strength in found:
        stronger = sum(
            (other[2], -other[0], -other[1]) > (strength, -frame, -bin_)
            for other in found
            if abs(other[0] - frame) <= reach_of_rank and (other[1] < edge) == (bin_ < edge)
        )
        within = min(frame + reach_of_rank + 1, frames) - max(frame - reach_of_rank, 0)
        places = whole("LOWER_PEAKS_PER_SECOND" if bin_ < edge else "UPPER_PEAKS_PER_SECOND")
        rank = whole("RANKS") * stronger * 31 // (places * within)
        if rank < whole("RANKS"):
            kept.append((*place(s, frame, bin_), rank))
    ordered: dict[tuple[int, int], int] = {}
    for time, frequency, rank in sorted(kept):
        ordered.setdefault((time, frequency), rank)
    return [(time, frequency, rank) for (time, frequency), rank in ordered.items()]


def candidates(w: I64) -> list[tuple[int, int, int]]:
    """(frame, bin, W) of cells that are largest in their neighbourhood."""
    edge, reach = whole("UPPER_BAND_BIN"), whole("NEAR_FRAMES")
    found = []
    for name, bins in (
        ("NEAR_BINS_LOW", (whole("LOWEST_BIN"), edge)),
        ("NEAR_BINS", (edge, whole("END_BIN"))),
    ):
        near = whole(name)
        size = (2 * reach + 1, 2 * near + 1)
        largest = ndimage.maximum_filter(w, size, mode="constant", cval=np.iinfo(np.int64).min)
        for frame, bin_ in np.argwhere((w > 0) & (w == largest)).tolist():
            top, left = max(frame - reach, 0), max(bin_ - near, 0)
            box = w[top : frame + reach + 1, left : bin_ + near + 1]
            first = np.argwhere(box == box.max())[0] + (top, left)
            if bins[0] <= bin_ < bins[1] and first.tolist() == [frame, bin_]:
                found.append((frame, bin_, int(w[frame, bin_])))
    return sorted(found)


def place(s: I64, frame: int, bin_: int) -> tuple[int, int]:
    """(time, frequency) of a candidate."""
    f32 = np.float32

    def vertex(a: int, b: int, c: int) -> np.float32:
        bend = f32(a + c - 2 * b)
        return f32(np.clip(f32(0.5) * f32(a - c) / bend, f32(-0.5), f32(0.5))) if bend < 0 else f32(0)

    row, column = s[frame].tolist(), s[:, bin_].tolist()
    bins = f32(bin_) + vertex(*row[bin_ - 1 : bin_ + 2])
    frames = f32(frame) + vertex(
        column[max(frame - 1, 0)], column[frame], column[min(frame + 1, len(column) - 1)]
    )
    time = int((frames + f32(3)) * f32(NUMBERS["STEPS_PER_HOP"]) + f32(0.5))
    octaves = log2(np.array([bins * f32(3.90625) / f32(NUMBERS["LOWEST_HZ"])], f32))[0]
    frequency = int(octaves * f32(NUMBERS["STEPS_PER_OCTAVE"]) + f32(0.5))
    return time, min(frequency, whole("FREQUENCY_STEPS") - 1)


# --- peaks to bytes and back ------------------------------------------------------------------------


def fingerprint(samples: F32, rate: int) -> bytes:
    duration, peaks = constellation(samples, rate)
    return with_peaks(b"SNF", u32(duration) + u32(len(peaks)), 0, peaks)


def constellation(samples: F32, rate: int) -> tuple[int, list[Peak]]:
    """(duration, peaks) of a sound that ends where the samples do."""
    sound = resample(samples, rate)
    return -(-len(sound) * whole("STEPS_PER_SECOND") // whole("ENGINE_RATE")), peaks_of(
        spectrum(sound)
    ) if len(sound) else []


def u32(number: int) -> bytes:
    return number.to_bytes(4, "little")


def with_peaks(magic: bytes, numbers: bytes, start: int, peaks: list[Peak]) -> bytes:
    """An envelope around peaks whose first comes after `start`."""
    times = [start, *(peak[0] for peak in peaks)]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    escape, written = whole("ESCAPE"), whole("ESCAPED_BITS")

    def spelled(gap: int, k: int) -> str:
        if gap >> k >= escape:
            return "1" * escape + f"{gap:0{written}b}"
        return "1" * (gap >> k) + "0" + (f"{gap % (1 << k):0{k}b}" if k else "")

    k = min(range(whole("LARGEST_K") + 1), key=lambda k: sum(len(spelled(gap, k)) for gap in gaps))
    bits = "".join(
        spelled(gap, k) + f"{frequency:0{whole('FREQUENCY_BITS')}b}{rank:0{whole('RANK_BITS')}b}"
        for gap, (_, frequency, rank) in zip(gaps, peaks, strict=True)
    )
    bits += "0" * (-len(bits) % 8)
    coded = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    head = magic + bytes([whole("VERSION"), whole("PEAKS_PER_SECOND"), k])
    body = head + numbers + coded
    return body + u32(zlib.crc32(body))


def number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def read_peaks(data: bytes, header: int, start: int) -> list[Peak]:
    """The peaks of an envelope, whose number ends its header."""
    assert data[3:5] == bytes([whole("VERSION"), whole("PEAKS_PER_SECOND")])
    assert data[-4:] == u32(zlib.crc32(data[:-4]))
    k, bits = data[5], iter("".join(f"{byte:08b}" for byte in data[header:-4]))

    def take(length: int) -> int:
        return int("0" + "".join(itertools.islice(bits, length)), 2)

    def gap(bits: Iterator[str]) -> int:
        ones = 0
        while ones < whole("ESCAPE") and next(bits) == "1":
            ones += 1
        return take(whole("ESCAPED_BITS")) if ones == whole("ESCAPE") else ones << k | take(k)

    time, peaks = start, []
    for _ in range(number(data, header - 4)):
        time += gap(bits)
        peaks.append((time, take(whole("FREQUENCY_BITS")), take(whole("RANK_BITS"))))
    rest = "".join(bits)
    assert len(rest) < 8
    assert "1" not in rest
    return peaks


def decode(data: bytes) -> tuple[int, list[Peak]]:
    """(duration, peaks) of a fingerprint."""
    assert data[:3] == b"SNF"
    return number(data, 6), read_peaks(data, 14, 0)


def assemble(frames: list[bytes]) -> tuple[int, list[Peak]]:
    """(duration, peaks) after frames that follow each other."""
    duration, peaks, due, before = 0, list[Peak](), 0, b""
    for frame in frames:
        key, kept = frame[6] & 1 == 1, number(frame, 19)
        assert frame[:3] == b"SNL"
        assert frame[7:11] == u32(due)
        assert frame[11:15] == (u32(0) if key else before)
        assert not key or kept == 0
        peaks = peaks[:kept]
        peaks += read_peaks(frame, 27, peaks[-1][0] if peaks else 0)
        duration, due, before = number(frame, 15), due + 1, frame[-4:]
    return duration, peaks


def frame_of(
    due: int, before: bytes, old: list[Peak], heard: tuple[int, list[Peak]], *, key: bool, last: bool
) -> bytes:
    """The frame that leads from the peaks `old` to what was heard."""
    duration, peaks = heard
    kept = 0
    while not key and kept < min(len(old), len(peaks)) and old[kept] == peaks[kept]:
        kept += 1
    follows = u32(0) if key else before
    numbers = (
        bytes([key + 2 * last]) + u32(due) + follows + u32(duration) + u32(kept) + u32(len(peaks) - kept)
    )
    return with_peaks(b"SNL", numbers, peaks[kept - 1][0] if kept else 0, peaks[kept:])
