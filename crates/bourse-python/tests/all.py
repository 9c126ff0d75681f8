"""Builds the package and runs all that tests it: `cargo xtask python` calls this.

    python3 crates/bourse-python/tests/all.py [--quick]

What is needed besides Rust is installed by pip into target/python. The package is built in the
store's own target folder, which then has what both depend on once. --quick leaves out the public
programs, which pip downloads.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent
ROOT = PACKAGE.parent.parent
BUILT = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
TARGET = BUILT / "python"
MATURIN = "maturin>=1.9,<2"


def run(*command, **more):
    print("$", *(str(word) for word in command), flush=True)
    return subprocess.run([str(word) for word in command], check=True, **more)


def interpreter():
    """The Python of a virtual environment with maturin."""
    folder = TARGET / "venv"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.EnvBuilder(with_pip=True, clear=True).create(folder)
    maturin = folder / "bin" / "maturin"
    if not maturin.exists():
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", MATURIN)
    return python


def build(python):
    """Builds a wheel by a profile that compiles fast, and installs it."""
    wheels = TARGET / "wheels"
    for old in wheels.glob("*.whl"):
        old.unlink()
    environment = dict(os.environ, CARGO_TARGET_DIR=str(BUILT))
    run(python.parent / "maturin", "build", "--locked", "--interpreter", python, "--out", wheels,
        "--manifest-path", PACKAGE / "Cargo.toml", env=environment)
    (wheel,) = wheels.glob("*.whl")
    return run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--force-reinstall", "--no-deps", wheel)


def step(name, action):
    """Whether a step ended well; tells what it printed, if that was gathered, and its time."""
    print(f"python: {name} ...", flush=True)
    begun = time.monotonic()
    try:
        printed, ended = action().stdout, ""
    except subprocess.CalledProcessError as error:
        printed, ended = error.stdout, f" FAILED ({error.returncode}) after"
    took = f"python: {name}:{ended} {time.monotonic() - begun:.0f} s\n"
    print((printed or "") + took, end="", flush=True)
    return not ended


def gathered(command):
    return lambda: run(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main(arguments):
    python = interpreter()
    if not step("build", lambda: build(python)):
        return 1
    steps = {
        "own tests": [python, "-m", "unittest", "discover", "--start-directory", HERE],
        "CPython's suite": [python, HERE / "cpython.py"],
        "example": [python, ROOT / "examples" / "portfolio.py"],
    }
    if "--quick" not in arguments:
        steps["programs"] = [python, HERE / "programs.py"]
    # At the same time: they wait for the disk, and for time to pass, more than they compute.
    with concurrent.futures.ThreadPoolExecutor() as at_once:
        begun = {name: at_once.submit(step, name, gathered(command))
                 for name, command in steps.items()}
    failed = [name for name, ended in begun.items() if not ended.result()]
    if failed:
        print("failed:", ", ".join(failed))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
