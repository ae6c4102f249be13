#!/usr/bin/env bash
# Builds the engine for browsers, edge and phones into engine/wasm/dist/:
#
#   sonica-simd128.wasm  for everything that has WebAssembly with 128-bit SIMD
#   sonica-plain.wasm    for what has not: needs only what WebAssembly began with
#   sonica.js            the latter as plain JavaScript, for what has no WebAssembly (Hermes)
#
# Does nothing when they are up to date. Cold about 4 minutes, most of it for two standard libraries;
# a change of the engine half a minute.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

TARGET=wasm32-unknown-unknown
DIST=engine/wasm/dist
DEBIAN=/usr/lib/rustlib/src/rust/library

say() { printf '  %s\n' "$*"; }

# One at a time: a second one waits, and then finds nothing to do.
mkdir -p "$DIST" target/wasm
exec 9> target/wasm/build.lock
flock 9

# --- what it is made from -------------------------------------------------------------------------

versions() {
    rustc --version
    if [ -x /usr/bin/rustc ]; then /usr/bin/rustc --version; fi
    wasm-ld --version
    wasm2js --version
}

made_from() {
    {
        find engine/core/src engine/wasm/src -type f -name '*.rs' | LC_ALL=C sort | xargs sha256sum
        sha256sum Cargo.toml engine/core/Cargo.toml engine/wasm/Cargo.toml engine/wasm/build.sh
        versions
    } | sha256sum
}

WANTED=$(made_from)
if [ "$(cat "$DIST/made-from" 2> /dev/null)" = "$WANTED" ] &&
    [ -s "$DIST/sonica-simd128.wasm" ] && [ -s "$DIST/sonica-plain.wasm" ] && [ -s "$DIST/sonica.js" ]; then
    say "$DIST is up to date."
    exit 0
fi
rm -f "$DIST/made-from"

# --- building -------------------------------------------------------------------------------------

# build FOLDER RUSTFLAGS [std]: one module; with `std`, the standard library is built with these flags too.
build() {
    local flags="-C linker=wasm-ld $2" std=() rustc=rustc cargo=cargo bootstrap=
    if [ "${3:-}" = std ] || ! [ -d "$(rustc --print target-libdir --target $TARGET)" ]; then
        std=(-Zbuild-std=std,panic_abort)
        bootstrap=1
        if [ -d "$DEBIAN/std" ] && [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ]; then
            rustc=/usr/bin/rustc cargo=/usr/bin/cargo
        elif ! [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library/std" ]; then
            say 'The sources of the standard library of Rust are missing.' >&2
            say 'Debian: apt install cargo-web rustc-web rust-web-src. Elsewhere: rustup component add rust-src.' >&2
            exit 1
        fi
    fi
    RUSTC=$rustc RUSTC_BOOTSTRAP=$bootstrap RUSTFLAGS=$flags CARGO_PROFILE_RELEASE_PANIC=abort \
        CARGO_TARGET_DIR=target/wasm/$1 \
        "$cargo" build --quiet --package sonica-wasm --target $TARGET --release "${std[@]}"
}

# timed TITLE COMMAND...: runs it and says how long it took.
timed() {
    local title=$1 start=$SECONDS
    shift
    say "… $title"
    "$@"
    say "✓ $title: $((SECONDS - start)) s"
}

module() { printf 'target/wasm/%s/%s/release/sonica_wasm.wasm' "$1" $TARGET; }

# Debian's wasm2js; -O2 removes nothing that is exported and keeps IEEE arithmetic (Math.fround).
to_javascript() { wasm2js -O2 "$DIST/sonica-plain.wasm" -o "$DIST/sonica.js.part"; }

timed 'Engine with SIMD (cold 2 min, else 20 s)' build simd128 '-C target-feature=+simd128'
cp "$(module simd128)" "$DIST/sonica-simd128.wasm"
timed 'Engine without (cold 2 min, else 20 s)' build mvp '-C target-cpu=mvp' std
cp "$(module mvp)" "$DIST/sonica-plain.wasm"
timed 'Engine as JavaScript (10 s)' to_javascript
mv "$DIST/sonica.js.part" "$DIST/sonica.js"

for file in sonica-simd128.wasm sonica-plain.wasm sonica.js; do
    say "$(printf '%-20s %7d bytes, %7d gzipped' $file "$(wc -c < "$DIST/$file")" "$(gzip -9 -c "$DIST/$file" | wc -c)")"
done
printf '%s' "$WANTED" > "$DIST/made-from"
