"""Builds the package and runs all that tests it: `cargo xtask python` calls this.

    python3 crates/bourse-python/tests/all.py [--quick]

What is needed besides Rust is installed by pip into target/python. --quick leaves out the public
programs, which pip downloads.
"""

import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent
ROOT = PACKAGE.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "python"
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
    environment = dict(os.environ, CARGO_TARGET_DIR=str(TARGET))
    run(python.parent / "maturin", "build", "--locked", "--interpreter", python, "--out", wheels,
        "--manifest-path", PACKAGE / "Cargo.toml", env=environment)
    (wheel,) = wheels.glob("*.whl")
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--force-reinstall", "--no-deps", wheel)


def main(arguments):
    python = interpreter()
    build(python)
    steps = [
        ("own tests", [python, "-m", "unittest", "discover", "--start-directory", HERE]),
        ("CPython's suite", [python, HERE / "cpython.py"]),
        ("example", [python, ROOT / "examples" / "portfolio.py"]),
    ]
    if "--quick" not in arguments:
        steps.append(("programs", [python, HERE / "programs.py"]))
    failed = []
    for name, command in steps:
        try:
            run(*command)
        except subprocess.CalledProcessError:
            failed.append(name)
    if failed:
        print("failed:", ", ".join(failed))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
