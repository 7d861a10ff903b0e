"""Installs a system package for the tests, where `apt-get` may be used as root."""

import os
import shutil
import subprocess


def install(package: str, *, what_for: str) -> bool:
    """Whether it was tried; only a look for what it brings tells whether it is there now."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"  installing {package} for {what_for}", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", package]):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "-qq", *command], check=False, env=env, **quiet)
    return True
