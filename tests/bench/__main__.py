"""`python -m tests.bench PRODUCTS [SEED]`: fill the shop's database with a generated catalogue."""

import os
import sys
import time

import django


def main(words: list[str]) -> int:
    if len(words) not in (1, 2) or not all(word.isdigit() for word in words):
        print("Usage: python -m tests.bench PRODUCTS [SEED], for example: python -m tests.bench 50000", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    django.setup()
    from tests.bench.catalogue import build_catalogue

    began = time.perf_counter()
    build_catalogue(products=int(words[0]), seed=int(words[1]) if len(words) == 2 else 1, say=print, workers=2)
    print(f"done after {time.perf_counter() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
