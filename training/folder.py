"""Write a trained table as a sentence-transformers folder."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.base.modules.normalize.Normalize",
    },
]
SETTINGS = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
NORMALIZE = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}


def quantize(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return the rows as eight-bit integers and the factor that gives each row back.

    Rows that hold nothing get factor 1.
    """
    top = np.abs(weights).max(axis=1)
    scale = np.where(top > 0, top / 127, 1).astype(np.float32)
    return np.rint(weights / scale[:, None]).astype(np.int8), scale


def write_folder(folder: Path, tokenizer: Tokenizer, weights: NDArray[np.float32]) -> None:
    """Write `tokenizer` and `weights` (pieces × dimensions) as ``SentenceTransformer(folder)`` reads them.

    The tensors bear the names under which sentence-transformers' StaticEmbedding reads quantised tables:
    ``embeddings`` (int8) times ``weights`` (one factor a piece).  Every file is replaced in one step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    values, scale = quantize(weights)
    _replace(
        folder / "model.safetensors", lambda path: save_file({"embeddings": values, "weights": scale}, path)
    )
    _replace(folder / "tokenizer.json", lambda path: tokenizer.save(str(path), pretty=False))
    for name, content in (
        ("modules.json", MODULES),
        ("config_sentence_transformers.json", SETTINGS),
        ("1_Normalize/config.json", NORMALIZE),
    ):
        _write_json(folder / name, content)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    part = path.with_name(path.name + ".part")
    write(part)
    part.chmod(0o644)  # safetensors writes for the owner alone, and another account may serve
    part.replace(path)


def _write_json(path: Path, content: object) -> None:
    _replace(path, lambda part: part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8"))
