"""Text → vector: the bundled table read with numpy alone, or any sentence-transformers model.

A static table needs no network library: a text's vector is the mean of its pieces' vectors.  So the
bundled model is read here without torch (whose import alone takes seconds), and only a model of another
build pays for sentence-transformers.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from data import path

Vectors = NDArray[np.float32]

_FEW = 8  # texts that are cut one by one
HASH_CHARACTERS = 12


class EncoderError(Exception):
    """A model cannot be loaded; the message says which, why, and what to do."""


class Encoder(Protocol):
    """Anything that turns texts into unit vectors.

    `name` changes whenever the vectors change, so an index can tell that it was built by another model.
    """

    @property
    def name(self) -> str:
        """Stable identifier of the model."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one float32 row of length 1 a text; a text without any known piece gives a row of zeros."""


class StaticEncoder:
    """A table of piece vectors, eight-bit or floating, and the tokenizer that cuts texts into the pieces."""

    def __init__(self, name: str, tokenizer: Tokenizer, table: NDArray[Any], scale: Vectors | None) -> None:
        """Hold `table` (pieces × dimensions); `scale`, where given, has the factor of each row."""
        self.name = name
        self.dimensions = int(table.shape[1])
        self._tokenizer = tokenizer
        self._table = table
        self._scale = scale

    @classmethod
    def load(cls, folder: Path) -> "StaticEncoder":
        """Read a sentence-transformers folder that holds a StaticEmbedding.

        Reads the tensors ``embedding.weight``, or ``embeddings`` with ``weights`` (row factors), as
        sentence-transformers itself does.  Raises `EncoderError` when a file is missing or of another kind.
        """
        weights_path, tokenizer_path = folder / "model.safetensors", folder / "tokenizer.json"
        for needed in (weights_path, tokenizer_path):
            if not needed.is_file():
                raise EncoderError(f"model file {needed} is missing; train it with: python -m training")
        try:
            with safe_open(weights_path, framework="numpy") as tensors:
                names = set(tensors.keys())
                scale = tensors.get_tensor("weights").astype(np.float32) if "weights" in names else None
                table = tensors.get_tensor("embeddings" if "embeddings" in names else "embedding.weight")
        except (SafetensorError, OSError) as error:
            raise EncoderError(f"{weights_path} holds no static embedding: {error}") from error
        try:
            tokenizer = Tokenizer.from_file(str(tokenizer_path))
        except Exception as error:  # the library raises no narrower kind for a broken file
            raise EncoderError(f"{tokenizer_path} is not a tokenizer: {error}") from error
        if tokenizer.get_vocab_size() != len(table):
            raise EncoderError(
                f"{folder}: tokenizer of {tokenizer.get_vocab_size()} pieces, table of {len(table)} rows: "
                "they are of different trainings"
            )
        digest = hashlib.sha256(table.tobytes())
        if scale is not None:
            digest.update(scale.tobytes())
        name = f"{folder.resolve().name}-{digest.hexdigest()[:HASH_CHARACTERS]}"
        return cls(name, tokenizer, table, scale)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row a text (n × `dimensions`, float32); no known piece: a row of zeros."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if len(texts) > _FEW:
            encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        else:  # handing out a question to threads costs more than it takes
            encodings = [self._tokenizer.encode(text, add_special_tokens=False) for text in texts]
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                vectors[row] = self._sum(np.array(encoding.ids))
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def _sum(self, ids: NDArray[np.int64]) -> Vectors:
        # The sum points where the mean points, and the length is normalised anyway.
        rows = self._table[ids].astype(np.float32)
        factors = np.ones(len(ids), dtype=np.float32) if self._scale is None else self._scale[ids]
        total: Vectors = factors @ rows
        return total


class SentenceTransformerEncoder:
    """Any other sentence-transformers model, by folder or hub name; needs the ``models`` extra."""

    def __init__(self, name_or_path: str) -> None:
        """Load the model.  Raises `EncoderError` when the library or the model is not there."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError(
                f"the model {name_or_path} needs sentence-transformers: pip install 'zhengwen[models]'"
            ) from error
        try:
            self._model = SentenceTransformer(name_or_path, device="cpu")
        except Exception as error:  # hub, file and format errors of several libraries end here
            raise EncoderError(f"the model {name_or_path} cannot be loaded: {error}") from error
        self.name = name_or_path
        dimensions = self._model.get_sentence_embedding_dimension()
        if dimensions is None:
            raise EncoderError(f"the model {name_or_path} gives no vectors of fixed length")
        self.dimensions = int(dimensions)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row a text (n × `dimensions`, float32); blank text: a row of zeros."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        filled = [row for row, text in enumerate(texts) if text.strip()]
        if filled:
            vectors[filled] = self._model.encode(
                [texts[row] for row in filled],
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return vectors


def load_encoder(name_or_path: str | None = None) -> Encoder:
    """Return the encoder for a setting.

    None is the bundled model; a folder with a StaticEmbedding is read with numpy alone; anything else is
    given to sentence-transformers as it is (a folder, or a hub name such as ``BAAI/bge-small-zh-v1.5``).
    Raises `EncoderError`.
    """
    if name_or_path is None:
        return StaticEncoder.load(path("model"))
    if is_static(Path(name_or_path)):
        return StaticEncoder.load(Path(name_or_path))
    return SentenceTransformerEncoder(name_or_path)


def is_static(folder: Path) -> bool:
    """Return whether `folder` is a sentence-transformers folder whose first module is a StaticEmbedding."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return str(modules[0]["type"]).rpartition(".")[2] == "StaticEmbedding"
    except (OSError, ValueError, LookupError, TypeError):
        return False
