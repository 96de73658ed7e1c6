"""``python -m training --out data/model``: train the default embedding model from the shared texts."""

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np

from .batches import Ragged, Recipe, Sampler
from .folder import write_folder
from .learn import Schedule, train
from .pairs import make_pairs
from .pieces import train_tokenizer
from .sources import Shared, SourceError

# Parts of a batch.  Statutes are nine tenths of the text; these shares keep them from being nine tenths of
# what is learnt.
SHARES = {
    "statute question": 6,
    "encyclopedia question": 12,
    "message": 10,
    "service": 3,
    "statute heading": 15,
    "report heading": 5,
    "document heading": 5,
    "synonym": 4,
    "article phrase": 16,
    "statute phrase": 16,
    "report phrase": 4,
    "document phrase": 4,
}
TOKENIZER_TEXTS = 60_000


def main(arguments: list[str] | None = None) -> int:
    """Run the training; return the exit status (0, or 2 when training text is missing)."""
    options = parser().parse_args(arguments)
    shared = Shared(options.shared)
    begun = time.perf_counter()

    def say(text: str) -> None:
        print(f"{time.perf_counter() - begun:7.1f} s  {text}", file=sys.stderr, flush=True)

    try:
        shared.check()
        pairs = make_pairs(shared, options.seed)
    except SourceError as error:
        print(f"training: {error}", file=sys.stderr)
        return 2
    say(f"{len(pairs.texts)} texts")
    sample = random.Random(options.seed).sample(pairs.texts, min(TOKENIZER_TEXTS, len(pairs.texts)))
    tokenizer = train_tokenizer(sample, options.pieces)
    ragged = Ragged.of([e.ids for e in tokenizer.encode_batch_fast(pairs.texts, add_special_tokens=False)])
    pieces = tokenizer.get_vocab_size()
    say(f"{pieces} pieces, {len(ragged.ids)} tokens")
    schedule = Schedule(dimensions=options.dimensions, steps=options.steps, seed=options.seed)
    sampler = Sampler(ragged, pairs.kinds, pairs.paragraphs, Recipe(SHARES), options.seed)
    first = np.random.default_rng(options.seed).normal(
        0, options.dimensions**-0.5, (pieces, options.dimensions)
    )
    weights = train(
        sampler,
        first.astype(np.float32),
        schedule,
        lambda step, loss, _: say(f"step {step} of {schedule.steps}, loss {loss:.4f}"),
    )
    write_folder(options.out, tokenizer, weights)
    say(f"written to {options.out}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    made.add_argument("--out", type=Path, required=True, help="folder to write, e.g. data/model")
    made.add_argument(
        "--shared",
        type=Path,
        default=Path("../shared"),
        help="folder with the training text (%(default)s)",
    )
    made.add_argument("--dimensions", type=int, default=512, help="length of a vector (%(default)s)")
    made.add_argument("--pieces", type=int, default=30_000, help="pieces to learn (%(default)s)")
    made.add_argument("--steps", type=int, default=1500, help="batches to train on (%(default)s)")
    made.add_argument("--seed", type=int, default=7, help="seed of every random choice (%(default)s)")
    return made


if __name__ == "__main__":
    sys.exit(main())
