"""Training of the default embedding model: text pairs, tokenizer, weights, folder.

Run as ``python -m training --out data/model``.  Nothing of this package is imported at run time; it
needs torch, tokenizers, safetensors and opencc (the ``train`` extra).
"""
