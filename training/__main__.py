"""``python -m training --out data/model``: train the default embedding model from the shared texts."""

import argparse
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .batches import Ragged, Recipe, Sampler
from .folder import write_folder
from .learn import Schedule, train
from .pairs import make_pairs
from .pieces import inner_pieces, train_tokenizer
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
    "everyday synonym": 6,
    "everyday question": 20,
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
        pairs = make_pairs(shared, options.seed, options.hold_out)
    except SourceError as error:
        print(f"training: {error}", file=sys.stderr)
        return 2
    say(f"{len(pairs.texts)} texts")
    sample = random.Random(options.seed).sample(pairs.texts, min(TOKENIZER_TEXTS, len(pairs.texts)))
    tokenizer = train_tokenizer(sample, options.pieces)
    ragged = Ragged.of([e.ids for e in tokenizer.encode_batch_fast(pairs.texts, add_special_tokens=False)])
    pieces = tokenizer.get_vocab_size()
    say(f"{pieces} pieces, {len(ragged.ids)} tokens")
    shares = SHARES if options.everyday else {k: part for k, part in SHARES.items() if "everyday" not in k}
    recipe = Recipe(shares, dropout=options.dropout)
    schedule = Schedule(options.dimensions, options.steps, mine_at=(0.3, 0.6) if options.mine else ())
    parts = Ragged.of(inner_pieces(tokenizer)) if options.parts else None

    def learn(seed: int) -> NDArray[np.float32]:
        first = np.random.default_rng(seed).normal(0, options.dimensions**-0.5, (pieces, options.dimensions))
        return train(
            Sampler(ragged, pairs.kinds, pairs.paragraphs, recipe, seed),
            first.astype(np.float32),
            schedule,
            parts,
            lambda step, loss: say(f"seed {seed}: step {step} of {schedule.steps}, loss {loss:.4f}"),
        )

    with ThreadPoolExecutor() as pool:
        tables = list(pool.map(learn, range(options.seed, options.seed + options.tables)))
    # Side by side: the cosine of the long vectors is about the mean of the tables' own cosines.
    weights = np.concatenate(tables, axis=1)
    write_folder(options.out, tokenizer, weights)
    say(f"written to {options.out}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    made = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    made.add_argument("--out", type=Path, required=True, help="folder to write, e.g. data/model")
    made.add_argument(
        "--shared", type=Path, default=Path("../shared"), help="folder with the training text (%(default)s)"
    )
    made.add_argument("--dimensions", type=int, default=320, help="columns of a table (%(default)s)")
    made.add_argument(
        "--tables", type=int, default=3, help="tables to put side by side, a seed each (%(default)s)"
    )
    made.add_argument("--pieces", type=int, default=30_000, help="pieces to learn (%(default)s)")
    made.add_argument("--steps", type=int, default=800, help="batches to train on (%(default)s)")
    made.add_argument("--dropout", type=float, default=0.4, help="part of tokens left out (%(default)s)")
    made.add_argument(
        "--seed",
        type=int,
        default=7,
        help="seed of every random choice, and of the first table (%(default)s)",
    )
    made.add_argument(
        "--hold-out", type=int, default=0, help="leave every N-th statute question out (none is left out)"
    )
    switch = argparse.BooleanOptionalAction
    made.add_argument("--parts", action=switch, default=True, help="learn a piece together with its parts")
    made.add_argument("--everyday", action=switch, default=True, help="use the invented everyday questions")
    made.add_argument("--mine", action=switch, default=True, help="search hard negatives while training")
    return made


if __name__ == "__main__":
    sys.exit(main())
