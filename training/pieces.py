"""The tokenizer: a Unigram model over folded text, in pieces of at most four characters."""

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"


def new_tokenizer() -> Tokenizer:
    """Return an untrained tokenizer that folds width and case and drops everything but letters and digits."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    # Punctuation says nothing in a bag of pieces, and a piece must not run across it.
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), behavior="removed")
    return tokenizer


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """Return a tokenizer of about `size` pieces learnt from `texts`.

    Four characters hold most Chinese words and set phrases; longer pieces would swallow whole formulas
    and leave their parts untrained.
    """
    tokenizer = new_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        max_piece_length=4,
        unk_token=UNKNOWN,
        special_tokens=[UNKNOWN],
        shrinking_factor=0.75,
        n_sub_iterations=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def inner_pieces(tokenizer: Tokenizer) -> list[list[int]]:
    """Return, for each piece by number, the pieces that stand inside it (itself too, when it is one).

    中小企业 holds 中小, 企业 and the four characters.  A rare piece so begins where its parts are.
    """
    numbers: dict[str, int] = tokenizer.get_vocab()
    pieces = sorted(numbers, key=numbers.__getitem__)
    found: list[list[int]] = []
    for piece in pieces:
        spans = ((begin, end) for begin in range(len(piece)) for end in range(begin + 1, len(piece) + 1))
        found.append([numbers[piece[a:b]] for a, b in spans if piece[a:b] in numbers] or [numbers[piece]])
    return found
