#!/usr/bin/env bash
# The identity suite on aarch64 (NEON), in an emulator: what a phone or an Arm server would compute.
# Cold 6 minutes, warm 4; not part of `make test`, for it wants a cross-compiler and an emulator:
#
#   apt install qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross cargo-web rustc-web rust-web-src
#
# The standard library is built from Debian's sources, as for WebAssembly. On an Arm machine, plain
# `cargo test -p sonica-identity` is the same and needs none of this. A name picks one test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

TARGET=aarch64-unknown-linux-gnu
for tool in qemu-aarch64 aarch64-linux-gnu-gcc /usr/bin/rustc /usr/bin/cargo; do
    if ! command -v "$tool" > /dev/null; then
        printf '%s is missing; the head of %s says what to install.\n' "$tool" "$0" >&2
        exit 1
    fi
done

printf 'The identity suite on aarch64, emulated (cold 6 min, warm 4) ...\n'
RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/aarch64 \
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER='qemu-aarch64 -L /usr/aarch64-linux-gnu' \
    /usr/bin/cargo test --quiet --release --package sonica-identity --target $TARGET -Zbuild-std "$@"
